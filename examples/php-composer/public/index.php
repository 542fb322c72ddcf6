<?php

require __DIR__ . '/../vendor/autoload.php';

header('content-type: text/plain');
echo App\Page::for($_SERVER['REQUEST_URI']);
