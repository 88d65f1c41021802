import { InjectionToken } from '@angular/core';

/** Goes to another page in this tab, without leaving this one in its history. */
export const LEAVE_FOR = new InjectionToken<(address: string) => void>('LEAVE_FOR', {
  factory: () => (address) => location.replace(address),
});
