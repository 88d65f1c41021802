import { homedir } from 'node:os';
import { type ApprovalLayer, type ApprovalPolicy, ApprovalSettings } from '@pizzapi/agent';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkedConfig, readJsonFile } from '../config/config-file.js';
import { configFiles } from './config-files.js';

/** Other parts of the product keep their own fields in the file. */
const validator = Compile(Type.Object({ approvals: Type.Optional(ApprovalSettings) }));

/**
 * Which calls of a session in this folder are asked about: the user's rules, then the project's, which can only tighten.
 * @throws ConfigError A file that cannot be understood must not count as one that allows everything.
 */
export function readApprovalPolicy(configFile: string, cwd: string, userHome = homedir()): ApprovalPolicy {
  return configFiles(configFile, cwd).map((path): ApprovalLayer => {
    const value = readJsonFile(path) ?? {};
    return { source: shortened(path, userHome), settings: checkedConfig(validator, value, path).approvals ?? {} };
  });
}

function shortened(path: string, userHome: string): string {
  return path.startsWith(`${userHome}/`) ? `~${path.slice(userHome.length)}` : path;
}
