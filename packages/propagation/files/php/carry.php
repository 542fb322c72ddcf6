<?php

// Loaded for a request with a mark only. PHP looks for a function in the caller's namespace first, and asks for classes when
// they are used: that is how the libraries that most apps call others by are reached, as long as they look as we know them.
// Where they do not, the mark is lost.

namespace BerthPropagation {

    /** Asked before Composer. */
    function load_class(string $name): void
    {
        if ($name !== 'GuzzleHttp\Handler\Proxy') return;
        \spl_autoload_unregister('BerthPropagation\load_class');
        $client = 'GuzzleHttp\ClientInterface';
        if (interface_exists($client) && \defined("$client::MAJOR_VERSION") && $client::MAJOR_VERSION === 7)
            require __DIR__ . '/guzzle.php';
    }

    /** A request of PSR-7 as it is to be sent. */
    function marked(\Psr\Http\Message\RequestInterface $request): \Psr\Http\Message\RequestInterface
    {
        $own = $request->hasHeader('baggage') ? $request->getHeaderLine('baggage') : null;
        $wanted = Mark::baggageFor($request->getUri()->getHost(), $own);
        if ($wanted === $own) return $request;
        return $wanted === null ? $request->withoutHeader('baggage') : $request->withHeader('baggage', $wanted);
    }

    /**
     * Header lines (`name: value`) as they are to be sent.
     * @param list<string> $lines
     * @return list<string>
     */
    function marked_lines(string $host, array $lines): array
    {
        $own = null;
        $others = [];
        foreach ($lines as $line) {
            if (strncasecmp($line, 'baggage:', 8) !== 0) $others[] = $line;
            else $own = ($own === null ? '' : "$own,") . trim(substr($line, 8));
        }
        $wanted = Mark::baggageFor($host, $own);
        return $wanted === $own ? $lines : [...$others, ...($wanted === null ? [] : ["baggage: $wanted"])];
    }
}

namespace Composer\Autoload {

    /** Composer's loader puts itself in front of all others. */
    function spl_autoload_register(?callable $callback = null, bool $throw = true, bool $prepend = false): bool
    {
        $done = \spl_autoload_register($callback, $throw, $prepend);
        if (!class_exists('GuzzleHttp\Handler\Proxy', false)) {
            \spl_autoload_unregister('BerthPropagation\load_class');
            \spl_autoload_register('BerthPropagation\load_class', true, true);
        }
        return $done;
    }
}

namespace Symfony\Component\HttpClient {

    /** Of CurlHttpClient: the URL comes before the headers, and headers for a second time are those of a redirect. */
    function curl_setopt(\CurlHandle $handle, int $option, mixed $value): bool
    {
        static $hosts = new \WeakMap();
        if ($option === \CURLOPT_URL) $hosts[$handle] = (string) parse_url($value, \PHP_URL_HOST);
        if ($option === \CURLOPT_HTTPHEADER) {
            // Where it leads is not known here: it may be to somebody outside.
            $value = \BerthPropagation\marked_lines($hosts[$handle] ?? '', $value);
            unset($hosts[$handle]);
        }
        return \curl_setopt($handle, $option, $value);
    }
}
