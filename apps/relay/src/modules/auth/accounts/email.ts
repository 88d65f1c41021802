/** How an address is stored and looked up. Mailboxes that differ by case alone are one person's in practice. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}
