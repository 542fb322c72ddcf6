import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from './answer-of.js';
import { archiveOf, ended, type Files, newApp, openWorld, push, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

/** Builds an example with other files, and asks its web process with these config vars. */
async function built(example: string, changes: Files) {
  const app = await newApp(world);
  const build = await ended(world, await push(world, app, await archiveOf(example, changes)));
  expect(build.status, build.output?.text).toBe('succeeded');
  const { digest } = build.image!;
  const web = (build.image!.processTypes as { name: string; command: string }[]).find(({ name }) => name === 'web')!;
  const answer = (env: Record<string, string> = {}) =>
    answerOf(world, { repository: `app/${app.repositoryId}`, digest, command: web.command, env });
  return Object.assign(answer, { output: build.output?.text ?? '' });
}

/** An app that asks itself twice: `/` sends a mark to `/next`, which asks `/last` without saying anything of it. */
const carrying = { BERTH_PROPAGATE_TO: 'localhost' };
const switchedOff = { ...carrying, BERTH_PROPAGATE: '0' };

const nodeApp = {
  'server.js': `
    const http = require('node:http');
    const to = 'http://localhost:' + process.env.PORT;
    const read = (url, headers, done) => http.get(url, { headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => { text += chunk; }).on('end', () => done(text));
    });
    http.createServer((request, response) => {
      if (request.url === '/last')
        response.end(JSON.stringify({ got: request.headers.baggage ?? null, options: process.env.NODE_OPTIONS ?? null }));
      else if (request.url === '/next') read(to + '/last', {}, (text) => response.end(text));
      else read(to + '/next', { baggage: 'berth-env=checkout' }, (text) => response.end(text));
    }).listen(process.env.PORT);
  `,
  'package.json': JSON.stringify({ name: 'web', version: '1.0.0', scripts: { start: 'node server.js' } }),
  'package-lock.json': JSON.stringify({ name: 'web', version: '1.0.0', lockfileVersion: 3, packages: {} }),
  Procfile: 'web: node server.js\n',
};

const pythonApp = {
  'app.py': `
import json, os, sys, urllib.request
from flask import Flask, request

app = Flask(__name__)
to = "http://localhost:" + os.environ["PORT"]

def read(url, headers={}):
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers)).read()

@app.get("/last")
def last():
    return {"got": request.headers.get("baggage"), "path": os.environ.get("PYTHONPATH"), "minor": sys.version_info.minor}

@app.get("/next")
def next():
    return read(to + "/last")

@app.get("/")
def first():
    return read(to + "/next", {"baggage": "berth-env=checkout"})
`,
  Procfile: 'web: gunicorn app:app --threads 4\n',
};

const rubyApp = {
  'config.ru': `
    require "json"
    require "net/http"

    to = "http://localhost:" + ENV["PORT"]
    read = ->(path, headers = {}) { Net::HTTP.get(URI(to + path), headers) }
    run lambda { |env|
      body =
        case env["PATH_INFO"]
        when "/last" then JSON.generate(got: env["HTTP_BAGGAGE"], options: ENV["RUBYOPT"])
        when "/next" then read.call("/last")
        else read.call("/next", "baggage" => "berth-env=checkout")
        end
      [200, { "content-type" => "application/json" }, [body]]
    }
  `,
};

/** Raw curl, with the one line that it needs. */
const phpApp = {
  'index.php': `<?php
    $to = 'http://localhost:' . getenv('PORT');
    $read = function (string $url, ?string $baggage) {
      $handle = curl_init($url);
      $headers = $baggage === null ? [] : ["baggage: $baggage"];
      curl_setopt_array($handle, [CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => $headers]);
      return curl_exec($handle);
    };
    $last = ['got' => $_SERVER['HTTP_BAGGAGE'] ?? null, 'directories' => getenv('PHP_INI_SCAN_DIR')];
    echo match (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
      '/last' => json_encode($last),
      '/next' => $read("$to/last", function_exists('berth_baggage') ? berth_baggage("$to/last") : null),
      default => $read("$to/next", 'berth-env=checkout'),
    };
  `,
};

const goApp = {
  'main.go': `
package main

import (
	"io"
	"net/http"
	"os"
)

func read(w http.ResponseWriter, path string, baggage string) {
	req, _ := http.NewRequest("GET", "http://localhost:"+os.Getenv("PORT")+path, nil)
	if baggage != "" {
		req.Header.Set("baggage", baggage)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	io.Copy(w, answer.Body)
}

func main() {
	http.HandleFunc("/last", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "got "+r.Header.Get("baggage")) })
	http.HandleFunc("/next", func(w http.ResponseWriter, r *http.Request) { read(w, "/last", "") })
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { read(w, "/next", "berth-env=checkout") })
	http.ListenAndServe(":"+os.Getenv("PORT"), nil)
}
`,
  'go.mod': 'module web\n\ngo 1.26\n',
  templates: undefined,
};

const javaApp = {
  'src/main/java/hello/Main.java': `
package hello;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Executors;

public final class Main {
  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", exchange -> {
      String path = exchange.getRequestURI().getPath();
      String baggage = exchange.getRequestHeaders().getFirst("baggage");
      byte[] body =
          (path.equals("/last") ? "got " + baggage + " " + System.getenv("JAVA_TOOL_OPTIONS")
                  : path.equals("/next") ? read("/last", null)
                  : read("/next", "berth-env=checkout"))
              .getBytes();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }

  private static String read(String path, String baggage) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + System.getenv("PORT") + path));
    if (baggage != null) request.header("baggage", baggage);
    try {
      return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }
}
`,
};

/** Tomcat in Spring Boot; the calls that it makes go through a thread pool. */
const springApp = {
  'src/main/java/hello/Application.java': `
package hello;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Application {
  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  private String read(String path, String baggage) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + System.getenv("PORT") + path));
    if (baggage != null) request.header("baggage", baggage);
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  @GetMapping("/last")
  String last(@RequestHeader(name = "baggage", required = false) String baggage) {
    return "got " + baggage + " " + System.getenv("JAVA_TOOL_OPTIONS");
  }

  /** Its answer comes when the thread of the handler is long gone. */
  @GetMapping("/next")
  CompletableFuture<String> next() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        Thread.sleep(700);
        return read("/last", null);
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
    }, pool);
  }

  @GetMapping("/")
  String first() throws Exception {
    return read("/next", "berth-env=checkout");
  }
}
`,
};

describe('an image carries the mark of its environment', { timeout: 240_000 }, () => {
  it('in Node.js, beside the NODE_OPTIONS of the app, and not when it is switched off', async () => {
    const answer = await built('node-web', nodeApp);
    const options = '--require=/opt/berth/propagation/node/propagate.cjs';
    expect(JSON.parse(await answer(carrying))).toEqual({ got: 'berth-env=checkout', options });
    const own = { NODE_OPTIONS: '--max-old-space-size=99' };
    expect(JSON.parse(await answer({ ...carrying, ...own }))).toEqual({
      got: 'berth-env=checkout',
      options: `${options} --max-old-space-size=99`,
    });
    expect(JSON.parse(await answer({ ...switchedOff, ...own }))).toEqual({ got: null, options: own.NODE_OPTIONS });
  });

  it('in Python, beside the PYTHONPATH of the app, and not when it is switched off', async () => {
    const answer = await built('python-flask', pythonApp);
    const path = '/opt/berth/propagation/python';
    // The image's own is /app.
    expect(JSON.parse(await answer(carrying))).toEqual({ got: 'berth-env=checkout', path: `${path}:/app`, minor: 13 });
    const own = { PYTHONPATH: '/app/lib' };
    expect(JSON.parse(await answer({ ...carrying, ...own }))).toMatchObject({
      got: 'berth-env=checkout',
      path: `${path}:/app/lib`,
    });
    expect(JSON.parse(await answer({ ...switchedOff, ...own }))).toMatchObject({ got: null, path: '/app/lib' });
  });

  it('in Go, and not when it is switched off', async () => {
    const answer = await built('go-web', goApp);
    expect(await answer(carrying)).toBe('got berth-env=checkout');
    expect(await answer()).toBe('got ');
    expect(await answer(switchedOff)).toBe('got ');
  });

  it('in Java, beside the JAVA_TOOL_OPTIONS of the app, and not when it is switched off', async () => {
    const answer = await built('java-spring', springApp);
    const agent = '-javaagent:/opt/berth/propagation/java/agent.jar';
    expect(await answer(carrying)).toBe(`got berth-env=checkout ${agent}`);
    const own = { JAVA_TOOL_OPTIONS: '-Xmx256m' };
    expect(await answer({ ...carrying, ...own })).toBe(`got berth-env=checkout ${agent} -Xmx256m`);
    expect(await answer({ ...switchedOff, ...own })).toBe('got null -Xmx256m');
  });

  it("in Java by OpenTelemetry's agent, where berth.yaml asks for it", async () => {
    const answer = await built('java-maven', { ...javaApp, 'berth.yaml': 'propagation: opentelemetry\n' });
    expect(answer.output).toContain("tells the environment's name, and all other baggage, to every host");
    const agent = '-javaagent:/opt/berth/propagation/opentelemetry/agent.jar';
    const own = { JAVA_TOOL_OPTIONS: '-Xmx256m' };
    expect(await answer(own)).toBe(`got berth-env=checkout ${agent} -Xmx256m`);
    expect(await answer({ ...switchedOff, ...own })).toBe('got null -Xmx256m');
  });

  it("not by OpenTelemetry's agent in an app that is not Java", async () => {
    const app = await newApp(world);
    const source = await archiveOf('node-web', { 'berth.yaml': 'propagation: opentelemetry\n' });
    const build = await ended(world, await push(world, app, source));
    expect(build.status).toBe('failed');
    expect(build.output?.text).toContain(
      'berth.yaml: propagation: opentelemetry is for Java apps that are built without a Dockerfile.',
    );
  });

  it('in PHP, beside the PHP_INI_SCAN_DIR of the app, and not when it is switched off', async () => {
    const answer = await built('php-plain', phpApp);
    const directory = '/opt/berth/propagation/php/conf:';
    expect(JSON.parse(await answer(carrying))).toEqual({ got: 'berth-env=checkout', directories: directory });
    const own = { PHP_INI_SCAN_DIR: ':/app/conf' };
    expect(JSON.parse(await answer({ ...carrying, ...own }))).toEqual({
      got: 'berth-env=checkout',
      directories: `${directory}:/app/conf`,
    });
    expect(JSON.parse(await answer({ ...switchedOff, ...own }))).toEqual({ got: null, directories: ':/app/conf' });
  });

  it('in Ruby, beside the RUBYOPT of the app, and not when it is switched off', async () => {
    const answer = await built('ruby-rack', rubyApp);
    // Bundler writes its own before it.
    const options = '-r/opt/berth/propagation/ruby/propagate.rb';
    const carried = (own: string) => ({
      got: 'berth-env=checkout',
      options: expect.stringMatching(`${options}${own}$`),
    });
    expect(JSON.parse(await answer(carrying))).toEqual(carried(''));
    const own = { RUBYOPT: '-W0' };
    expect(JSON.parse(await answer({ ...carrying, ...own }))).toEqual(carried(' -W0'));
    const without = JSON.parse(await answer({ ...switchedOff, ...own }));
    expect(without).toEqual({ got: null, options: expect.stringMatching(/-W0$/) });
    expect(without.options).not.toContain(options);
  });
});
