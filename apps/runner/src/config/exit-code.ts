/** The process cannot run with its settings (EX_CONFIG of sysexits.h): starting it again would change nothing. */
export const EXIT_CONFIG = 78;
