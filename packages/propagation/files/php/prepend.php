<?php

// Runs before each script: carries the environment's mark, the `berth-*` members of W3C `baggage`, from the request that is
// answered to those that are made for it. Everything here lives as long as the request. In a process that answers many of
// them (Swoole, RoadRunner, queues) there is none: PHP_SAPI is `cli` there.

/**
 * The header `baggage` for a request to this URL: `$own`, what the app says there itself, with the mark; null: no header.
 * For what Berth does not reach: curl_exec, file_get_contents.
 */
function berth_baggage(string $url, ?string $own = null): ?string
{
    require_once __DIR__ . '/mark.php';
    return BerthPropagation\Mark::baggageFor((string) parse_url($url, PHP_URL_HOST), $own);
}

(static function (): void {
    // PHP makes $_SERVER for each request of which a file only mentions it: a sixth of a hello world's CPU.
    $baggage = match (PHP_SAPI) {
        'fpm-fcgi' => getenv('HTTP_BAGGAGE'),
        'cli-server' => require __DIR__ . '/cli-server.php',
        default => false,
    };
    if ($baggage !== false && str_contains($baggage, 'berth-')) {
        require_once __DIR__ . '/mark.php';
        if (BerthPropagation\Mark::$current = BerthPropagation\Mark::read($baggage)) require __DIR__ . '/carry.php';
    }
})();

// A php.ini of the app's own (heroku-php-nginx -i) may name another file, which ours has taken the place of.
if (is_string(php_ini_loaded_file()) && !str_starts_with(php_ini_loaded_file(), '/etc/php/'))
    require_once (static fn (): string =>
        (@parse_ini_file(php_ini_loaded_file(), false, INI_SCANNER_RAW)['auto_prepend_file'] ?? '') ?: __DIR__ . '/mark.php')();
