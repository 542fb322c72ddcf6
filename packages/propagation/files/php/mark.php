<?php

namespace BerthPropagation;

/** What the mark is as text, and who may see it. */
final class Mark
{
    /** Servers refuse headers of some length; then the app's own are worth more than ours. */
    private const HEADER_MAX = 8000;

    /** Of the request that is answered. */
    public static ?string $current = null;

    /** @var list<string>|null */
    private static ?array $hosts = null;

    /** The members of a baggage header that are ours, the last of each name; null when there is none. */
    public static function read(string $baggage): ?string
    {
        $found = [];
        foreach (explode(',', $baggage) as $member)
            if (preg_match('/^\s*(berth-[a-z]+)[ \t]*=[ \t]*([\w.:-]{1,128})\s*(;.*)?$/D', $member, $match))
                $found[$match[1]] = "$match[1]=$match[2]";
        return $found ? implode(',', $found) : null;
    }

    /** What a host gets as baggage: `$own` is what the app says; null: no header. */
    public static function baggageFor(string $host, ?string $own): ?string
    {
        if (!self::isOurs($host)) return $own === null ? null : self::without($own);
        if (self::$current === null) return $own;
        return $own === null || $own === '' ? self::$current : self::with($own, self::$current);
    }

    /** `.internal` means all below it, `a.internal` that one and all below it. */
    private static function isOurs(string $host): bool
    {
        $name = preg_replace('/\.$/D', '', strtolower($host));
        self::$hosts ??= array_values(array_filter(array_map(
            'trim',
            explode(',', strtolower(getenv('BERTH_PROPAGATE_TO', true) ?: '.internal')),
        )));
        foreach (self::$hosts as $one)
            if ($one[0] === '.' ? str_ends_with($name, $one) : $name === $one || str_ends_with($name, ".$one")) return true;
        return false;
    }

    /** What the app says itself of a member counts. */
    private static function with(string $own, string $mark): string
    {
        $names = array_map(static fn (string $member): string => trim(explode('=', $member)[0]), explode(',', $own));
        $whole = $own;
        foreach (explode(',', $mark) as $member)
            if (!in_array(explode('=', $member)[0], $names, true)) $whole .= ",$member";
        return strlen($whole) > self::HEADER_MAX ? $own : $whole;
    }

    /** A tracer of the app hands on whatever came in, also to somebody outside. */
    private static function without(string $own): ?string
    {
        $left = array_filter(explode(',', $own), static fn (string $one): bool => !str_starts_with(trim($one), 'berth-'));
        return $left ? implode(',', $left) : null;
    }
}
