/** Those that have no session in them. */
export const PAGES = [
  '/runners',
  '/triggers',
  '/settings/profile',
  '/settings/keys',
  '/settings/appearance',
  '/admin/members',
  '/admin/policies',
];
