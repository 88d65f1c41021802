/**
 * The file descriptor, in a service's process, of a pipe that the daemon holds and never writes to. The system closes it when the daemon
 * ends, however that is.
 */
export const LIFELINE_FD = 4;
