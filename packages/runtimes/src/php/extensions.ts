/** Debian's packages of PHP extensions that every PHP app gets, and what each is called in composer.json (`ext-…`). */
const packages: Readonly<Record<string, readonly string[]>> = {
  common: [
    ...['calendar', 'ctype', 'exif', 'ffi', 'fileinfo', 'ftp', 'gettext', 'iconv', 'pdo', 'phar', 'posix', 'shmop'],
    ...['sockets', 'sysvmsg', 'sysvsem', 'sysvshm', 'tokenizer'],
  ],
  apcu: ['apcu'],
  bcmath: ['bcmath'],
  bz2: ['bz2'],
  curl: ['curl'],
  gd: ['gd'],
  gmp: ['gmp'],
  igbinary: ['igbinary'],
  intl: ['intl'],
  ldap: ['ldap'],
  mbstring: ['mbstring'],
  mongodb: ['mongodb'],
  mysql: ['mysqli', 'mysqlnd', 'pdo_mysql'],
  opcache: ['zend-opcache', 'opcache'],
  pgsql: ['pgsql', 'pdo_pgsql'],
  readline: ['readline'],
  redis: ['redis'],
  soap: ['soap'],
  sqlite3: ['sqlite3', 'pdo_sqlite'],
  xml: ['dom', 'simplexml', 'xml', 'xmlreader', 'xmlwriter', 'xsl'],
  zip: ['zip'],
};

/** Compiled into Debian's PHP. */
const builtIn = [
  ...[
    'core',
    'date',
    'filter',
    'hash',
    'json',
    'libxml',
    'openssl',
    'pcntl',
    'pcre',
    'random',
    'reflection',
    'session',
  ],
  ...['sodium', 'spl', 'standard', 'zlib'],
];

/** Names after `php8.4-`. */
export const phpExtensionPackages: readonly string[] = Object.keys(packages);

/** Names after `ext-`, in lower case, sorted. */
export const phpExtensions: readonly string[] = [...builtIn, ...Object.values(packages).flat()].sort();
