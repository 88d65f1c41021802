import { homedir } from 'node:os';
import type { ApprovalLayer, ApprovalPolicy } from '@pizzapi/agent';
import { ApprovalSettings, POLICY_SOURCE } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkedConfig, readConfigJson } from '../config/config-file.js';
import { refuseMisspeltField } from '../config/misspelt-field.js';
import { configFiles } from './config-files.js';

/** Other parts of the product keep their own fields in the file. */
const validator = Compile(Type.Object({ approvals: Type.Optional(ApprovalSettings) }));

/**
 * Which tool calls of a session in this folder need a person's approval. The user's settings come first, completed by the organisation's where
 * they leave anything but rules unsaid; then come the organisation's and the project's own, which can only tighten.
 * @throws ConfigError, because a file that cannot be understood must not count as one that allows everything
 */
export function readApprovalPolicy(
  configFile: string,
  cwd: string,
  ofOrganisation: ApprovalSettings | null,
  userHome = homedir(),
): ApprovalPolicy {
  return withOrganisation(readApprovalFiles(configFile, cwd, userHome), ofOrganisation);
}

/** What the files say, the user's first. @throws ConfigError */
export function readApprovalFiles(configFile: string, cwd: string, userHome = homedir()): ApprovalLayer[] {
  return configFiles(configFile, cwd, userHome).map((path): ApprovalLayer => {
    const value = readConfigJson(path) ?? {};
    refuseMisspeltField(value, path);
    return { source: shortened(path, userHome), settings: checkedConfig(validator, value, path).approvals ?? {} };
  });
}

export function withOrganisation(
  files: readonly ApprovalLayer[],
  ofOrganisation: ApprovalSettings | null,
): ApprovalPolicy {
  return ofOrganisation ? files.flatMap((layer, at) => (at === 0 ? below(ofOrganisation, layer) : layer)) : files;
}

function below(ofOrganisation: ApprovalSettings, ofUser: ApprovalLayer): ApprovalLayer[] {
  const { rules: _, ...unlessSaid } = ofOrganisation;
  return [
    { ...ofUser, settings: { ...unlessSaid, ...ofUser.settings } },
    { source: POLICY_SOURCE, settings: ofOrganisation },
  ];
}

function shortened(path: string, userHome: string): string {
  return path.startsWith(`${userHome}/`) ? `~${path.slice(userHome.length)}` : path;
}
