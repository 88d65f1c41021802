import { type SchemaPath, email, required } from '@angular/forms/signals';

/** An address in the form of one. */
export function emailRule(path: SchemaPath<string>): void {
  email(path, { message: 'This is not an email address' });
}

/** An account needs one. */
export function requiredEmailRules(path: SchemaPath<string>): void {
  required(path, { message: 'Enter your email address' });
  emailRule(path);
}
