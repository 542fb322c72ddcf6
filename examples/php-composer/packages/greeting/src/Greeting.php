<?php

namespace Berth\Greeting;

final class Greeting
{
    public static function to(string $name): string
    {
        return 'Hello, ' . mb_strtoupper($name);
    }
}
