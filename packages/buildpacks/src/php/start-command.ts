import type { ProcessType } from '@berth/domain/process-type';
import type { SourceView } from '../source-view.js';

/** Where frameworks have what browsers may see: Laravel and Symfony, Drupal and Craft, CakePHP; else the app's own directory. */
const documentRoots = ['public', 'web', 'webroot'];

/** nginx in front of php-fpm, on the first folder that has an index.php. */
export function startCommand({ paths }: SourceView) {
  const folder = documentRoots.find((one) => paths.includes(`${one}/index.php`));
  const web = folder ? `heroku-php-nginx ${folder}/` : paths.includes('index.php') ? 'heroku-php-nginx' : undefined;
  return { web, noStart: 'there is no index.php, neither at the top nor in public/ or web/' };
}

/** `vendor/bin/heroku-php-apache2 public/`, as older Procfiles have it, is a command of the runtime here. */
export const withOurCommands = (processes: readonly ProcessType[]): ProcessType[] =>
  processes.map((one) => ({
    ...one,
    command: one.command.replace(/(?<=^|\s)\S*\/(heroku-php-(?:apache2|nginx))(?=\s|$)/, '$1'),
  }));
