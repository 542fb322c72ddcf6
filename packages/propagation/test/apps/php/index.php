<?php

// An app that knows nothing of marks: it calls another service for whoever asks it, in many ways.

use GuzzleHttp\Client;
use GuzzleHttp\Promise\Utils;
use Symfony\Component\HttpClient\HttpClient;

require __DIR__ . '/vendor/autoload.php';

function curl(string $url, array $headers = []): string
{
    $handle = curl_init($url);
    curl_setopt_array($handle, [CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => $headers]);
    return curl_exec($handle);
}

/** As the documentation says it. */
function curl_with_function(string $url, ?string $own = null): string
{
    $baggage = function_exists('berth_baggage') ? berth_baggage($url, $own) : $own;
    return curl($url, $baggage === null ? [] : ["baggage: $baggage"]);
}

function guzzle(string $url, array $headers = []): string
{
    return (new Client())->get($url, ['headers' => $headers])->getBody();
}

function symfony(string $url, array $headers = []): string
{
    return HttpClient::create()->request('GET', $url, ['headers' => $headers])->getContent();
}

$own = ['Baggage' => 'a=1,b=2'];
$leak = ['baggage' => 'a=1,berth-env=pz'];
$ways = [
    'guzzle' => fn (string $url) => guzzle($url),
    'guzzleAsync' => function (string $url) {
        $client = new Client();
        $answers = Utils::unwrap([$client->getAsync($url), $client->getAsync($url)]);
        return $answers[1]->getBody();
    },
    'guzzleStream' => fn (string $url) => (new Client())->get($url, ['stream' => true])->getBody()->getContents(),
    'guzzleOwn' => fn (string $url) => guzzle($url, $own),
    'guzzleLeak' => fn (string $url) => guzzle($url, $leak),
    'symfony' => fn (string $url) => symfony($url),
    'symfonyOwn' => fn (string $url) => symfony($url, $own),
    'symfonyLeak' => fn (string $url) => symfony($url, $leak),
    'function' => fn (string $url) => curl_with_function($url),
    'functionOwn' => fn (string $url) => curl_with_function($url, $own['Baggage']),
    'functionLeak' => fn (string $url) => curl_with_function($url, $leak['baggage']),
    'curl' => fn (string $url) => curl($url),
    'prepended' => fn () => json_encode(['baggage' => $prepended ?? null]),
    'stream' => fn (string $url) => file_get_contents($url),
];

header('content-type: application/json');
echo $ways[$_GET['by']]($_GET['url']);
