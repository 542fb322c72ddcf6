/** The files of apps that ask themselves twice: `/` sends a mark to `/next`, which asks `/last` without saying anything of it. */
export const nodeApp = {
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

export const pythonApp = {
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

export const rubyApp = {
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
export const phpApp = {
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

export const goApp = {
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

export const javaApp = {
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
export const springApp = {
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
