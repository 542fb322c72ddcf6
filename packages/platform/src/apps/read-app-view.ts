import type { Db, Tx } from '@berth/db/client';
import type { Platform } from '../platform.js';
import { type AppView, appViewInclude, toAppView } from './app-view.js';

export async function readAppView(platform: Platform, db: Db | Tx, appId: string): Promise<AppView> {
  const row = await db.app.findUniqueOrThrow({ where: { id: appId }, include: appViewInclude });
  return toAppView(platform, row, await db.user.findMany({ where: { id: row.createdById } }));
}
