/** Whether a path names a type of trigger: those have a colon, and what has none can only be meant as an id. */
export function isTriggerType(target: string): boolean {
  return target.includes(':');
}
