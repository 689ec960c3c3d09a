import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { trusted } from './trusted.js';

/** Compiled, this file is in build/bench. */
const ROOT = new URL('../../', import.meta.url);
const PEERS = new URL('bench/peers/', ROOT);

const requireOwn = createRequire(new URL('package.json', ROOT));
const requirePeer = createRequire(new URL('package.json', PEERS));

/** A file of this repository. */
export function inRepository(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}

/**
 * Loads a package of bench/peers. They are no dependencies of this repository,
 * so its type check knows nothing of them and the caller says what it expects.
 */
export function loadPeer(name: string): unknown {
  return requirePeer(name);
}

/** The version of a package in use: the repository's own, or one of bench/peers. */
export function versionOf(name: string, whose: 'own' | 'peer'): string {
  const from = whose === 'own' ? requireOwn : requirePeer;
  for (const folder of from.resolve.paths(name) ?? []) {
    const manifest = `${folder}/${name}/package.json`;
    if (existsSync(manifest)) return readManifest(manifest).version;
  }
  throw new Error(`${name} is not installed`);
}

/** Installs what bench/peers pins, unless it is there. */
export function installPeers(): void {
  if (peersInstalled()) return;
  console.info('Installing the libraries to measure against (bench/peers)...');
  const options = ['--no-package-lock', '--no-audit', '--no-fund'];
  // Template engines, which no row uses, are optional dependencies there.
  const args = ['install', '--prefix', fileURLToPath(PEERS), '--omit=optional'];
  const shell = process.platform === 'win32';
  execFileSync('npm', [...args, ...options], { stdio: 'inherit', shell });
}

function peersInstalled(): boolean {
  const { dependencies = {} } = readManifest(new URL('package.json', PEERS));
  return Object.entries(dependencies).every(([name, version]) => {
    const installed = new URL(`node_modules/${name}/package.json`, PEERS);
    return existsSync(installed) && readManifest(installed).version === version;
  });
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function readManifest(path: string | URL): Manifest {
  return trusted<Manifest>(JSON.parse(readFileSync(path, 'utf8')));
}
