<?php

namespace GuzzleHttp\Handler;

use GuzzleHttp\Promise\PromiseInterface;
use Psr\Http\Message\RequestInterface;

/** In place of Guzzle 7's own, through which every default handler goes: the same choices, for the marked request. */
class Proxy
{
    public static function wrapSync(callable $default, callable $sync): callable
    {
        return self::choose($default, $sync, 'synchronous');
    }

    public static function wrapStreaming(callable $default, callable $streaming): callable
    {
        return self::choose($default, $streaming, 'stream');
    }

    private static function choose(callable $default, callable $special, string $option): callable
    {
        return static fn (RequestInterface $request, array $options): PromiseInterface =>
            (empty($options[$option]) ? $default : $special)(\BerthPropagation\marked($request), $options);
    }
}
