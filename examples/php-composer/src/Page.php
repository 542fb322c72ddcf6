<?php

namespace App;

use Berth\Greeting\Greeting;

final class Page
{
    public static function for(string $path): string
    {
        return Greeting::to('composer') . " at {$path}\n";
    }
}
