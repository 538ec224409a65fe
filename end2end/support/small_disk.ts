// A disk of eight megabytes, which only an administrator of the machine can mount.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function mountSmallDisk(folder: string) {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
}

/** Takes it away, and its folder. */
export function unmount(folder: string) {
  execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
}

/** Whether this machine lets us. */
export function hasSmallDisks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-disk-'));
  try {
    mountSmallDisk(folder);
  } catch {
    rmSync(folder, { recursive: true });
    return false;
  }
  unmount(folder);
  return true;
}
