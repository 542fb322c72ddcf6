# frozen_string_literal: true

# An app that knows nothing of marks: it calls another service for whoever asks it, in many ways. `ruby app.rb puma|webrick`.
require "cgi"
require "excon"
require "http"
require "net/http"
require "securerandom"
require "sidekiq"

# The other side closes connections that nobody used for some seconds: then it is asked again.
CONNECTIONS = Hash.new { |all, url| all[url] = Excon.new(url, persistent: true, idempotent: true) }
QUEUE = Queue.new
WORKER = Mutex.new
OWN = { "Baggage" => "a=1,b=2" }.freeze
LEAK = { "baggage" => "a=1,berth-env=pz" }.freeze

def in_worker(url)
  WORKER.synchronize { @worker ||= Thread.new { loop { QUEUE.pop.call } } }
  done = Queue.new
  QUEUE << -> { done << Net::HTTP.get(URI(url)) }
  done.pop
end

# A job of Sidekiq; it is worked in this process, by threads that answer nobody.
class Asking
  include Sidekiq::Job
  sidekiq_options queue: ENV.fetch("QUEUE")
  DONE = Hash.new { |all, id| all[id] = Queue.new }

  def perform(url, id)
    DONE[id] << Net::HTTP.get(URI(url))
  end
end

def in_job(url)
  id = SecureRandom.uuid
  done = Asking::DONE[id]
  Asking.perform_async(url, id)
  done.pop
end

WAYS = {
  "netHttp" => ->(url, headers) { Net::HTTP.get(URI(url), headers) },
  "httpRb" => ->(url, headers) { HTTP.headers(headers).follow.get(url).to_s },
  "excon" => ->(url, headers) { Excon.get(url, headers: headers).body },
  "exconConnection" => ->(url, headers) { Excon.new(url, headers: headers).request(method: :get).body },
  "exconShared" => ->(url, headers) { CONNECTIONS[url].get(headers: headers).body },
  "slept" => ->(url, headers) { sleep(0.003) && Net::HTTP.get(URI(url), headers) },
  "thread" => ->(url, _) { Thread.new { Net::HTTP.get(URI(url)) }.value },
  "job" => ->(url, _) { in_job(url) },
  "worker" => ->(url, _) { in_worker(url) },
}.freeze

def answer(query)
  asked = CGI.parse(query)
  return "up" if asked["by"].empty?

  headers = { "own" => OWN, "leak" => LEAK }.fetch(asked["says"].first, {})
  WAYS.fetch(asked["by"].first).call(asked["url"].first, headers)
end

work = Sidekiq.configure_embed do |config|
  config.queues = [ENV.fetch("QUEUE")]
  config.concurrency = 3
  config.logger.level = Logger::ERROR
end
work.run

port = Integer(ENV.fetch("PORT"))
if ARGV.first == "puma"
  require "puma"
  app = lambda do |env|
    env["rack.input"].read
    [200, { "content-type" => "application/json" }, [answer(env["QUERY_STRING"])]]
  end
  server = Puma::Server.new(app, nil, min_threads: 4, max_threads: 4)
  server.add_tcp_listener("127.0.0.1", port)
  server.run.join
else
  require "webrick"
  server = WEBrick::HTTPServer.new(BindAddress: "127.0.0.1", Port: port, AccessLog: [], Logger: WEBrick::Log.new(File::NULL))
  server.mount_proc("/") do |request, response|
    request.body
    response.body = answer(request.query_string.to_s)
  end
  server.start
end
