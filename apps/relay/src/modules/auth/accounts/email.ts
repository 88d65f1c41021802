/** The form in which an address is stored and looked up. In practice, addresses that differ only in case belong to the same person. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}
