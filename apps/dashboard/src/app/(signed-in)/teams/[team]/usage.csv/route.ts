import { publicError } from '@berth/domain/errors';
import { getUsage } from '@berth/platform/usage/get-usage';
import { reportUsage, usageCsv } from '@berth/platform/usage/report-usage';
import { monthOf } from '@/lib/format';
import { berth } from '@/lib/platform';
import { prices } from '@/lib/prices';
import { findSession } from '@/lib/session';

/** A month's use of a team for a spreadsheet: `?month=2026-11`. */
export async function GET(request: Request, { params }: { params: Promise<{ team: string }> }): Promise<Response> {
  const actor = await findSession();
  if (!actor) return new Response('Sign in first.\n', { status: 401 });
  const { team } = await params;
  const month = new URL(request.url).searchParams.get('month') ?? monthOf(new Date());
  try {
    const csv = usageCsv(reportUsage(await getUsage(berth().platform, { actor, team, month }), prices()));
    return new Response(csv, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="berth-${team}-${month}.csv"`,
      },
    });
  } catch (error) {
    const { code, message } = publicError(error, 'usage.csv');
    if (code === 'internal') throw error;
    return new Response(`${message}\n`, { status: code === 'not_found' ? 404 : 422 });
  }
}
