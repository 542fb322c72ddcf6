# frozen_string_literal: true

# Carries the environment's mark, the `berth-*` members of W3C `baggage`, from the request that is worked on to the requests
# that are made for it. Nothing of the app is changed; whatever goes wrong in here the app does not notice: the mark is lost
# then, which is allowed. A wrong mark is not. The mark belongs to the fiber that answers: threads and fibers that it starts
# have none, since they may go on for others.
module BerthPropagation
  HOSTS = ENV.fetch("BERTH_PROPAGATE_TO", ".internal").downcase.split(",").map(&:strip).reject(&:empty?).freeze
  OWN_MEMBER = /\A(berth-[a-z]+)[ \t]*=[ \t]*([\w.:-]{1,128})[ \t]*(?:;.*)?\z/
  # Servers refuse headers of some length; then the app's own are worth more than ours.
  HEADER_MAX = 8_000

  module_function

  # The members of a baggage header that are ours, the last of each name; nil when there is none.
  def read_mark(baggage)
    return unless baggage&.include?("berth-")

    found = baggage.split(",").filter_map { |member| OWN_MEMBER.match(member.strip)&.captures }.to_h
    found.map { |name, value| "#{name}=#{value}" }.join(",") unless found.empty?
  end

  # `.internal` means all below it, `a.internal` that one and all below it.
  def ours?(host)
    name = host.to_s.downcase.delete_suffix(".")
    HOSTS.any? { |one| one.start_with?(".") ? name.end_with?(one) : name == one || name.end_with?(".#{one}") }
  end

  # What a host gets as baggage: `own` is what the app says, `mark` under which it works. nil: no header.
  def baggage_for(host, own, mark)
    return own && without_mark(own) unless ours?(host)
    return own if mark.nil?
    return mark if own.nil? || own.empty?

    names = own.split(",").map { |member| member.split("=").first.to_s.strip }
    whole = [own, *mark.split(",").reject { |member| names.include?(member.split("=").first) }].join(",")
    whole.length > HEADER_MAX ? own : whole
  end

  # A tracer of the app hands on whatever came in, also to somebody outside.
  def without_mark(own)
    left = own.split(",").reject { |member| member.strip.start_with?("berth-") }
    left.join(",") unless left.empty?
  end

  def current = Thread.current[:berth_mark]

  # Works under the mark of a baggage header until the block has answered.
  def work_under(baggage)
    before = Thread.current[:berth_mark]
    Thread.current[:berth_mark] = quietly { read_mark(baggage) }
    yield
  ensure
    Thread.current[:berth_mark] = before
  end

  def quietly
    yield
  rescue StandardError
    nil
  end

  # Of Puma: a request with its answer, streams too.
  module Puma
    def handle_request(client, *)
      BerthPropagation.work_under(client.env["HTTP_BAGGAGE"]) { super }
    end
  end

  module Webrick
    def service(request, *)
      BerthPropagation.work_under(request["baggage"]) { super }
    end
  end

  # Of Sidekiq, ActiveJob's jobs too: one is worked under the mark of who added it, also when it is tried again.
  module SidekiqClient
    private

    def raw_push(jobs)
      mark = BerthPropagation.current
      jobs.each { |job| job["berth_mark"] ||= mark } if mark
      super
    end
  end

  module SidekiqProcessor
    private

    def dispatch(job, *)
      BerthPropagation.work_under(job["berth_mark"]) { super }
    end
  end

  # Of http.rb: also each request of a redirect, which has the headers of the one before.
  module HttpRb
    def perform(request, *)
      BerthPropagation.quietly { BerthPropagation.mark_headers(request) }
      super
    end
  end

  def mark_headers(request)
    own = request.headers.get("baggage").join(",")
    # A proxy gets what is outside.
    wanted = baggage_for(request.using_proxy? ? "" : request.uri.host, own.empty? ? nil : own, current)
    request.headers.set("baggage", wanted) if wanted && wanted != own
    request.headers.delete("baggage") if wanted.nil? && !own.empty?
  end

  module Excon
    def request(params = {}, &)
      super(BerthPropagation.quietly { BerthPropagation.marked_params(@data, params) } || params, &)
    end
  end

  # Settings of the request win over those of the connection.
  def marked_params(data, params)
    own = data[:headers].merge(params[:headers] || {}).select { |name, _| name.to_s.casecmp?("baggage") }
    said = own.empty? ? nil : own.values.join(",")
    whole = data.merge(params)
    wanted = baggage_for(whole[:proxy] ? "" : whole[:host], said, current)
    return params if wanted == said

    # A header of the connection can only be emptied.
    said = own.transform_values { "" }.merge((own.keys.first || "baggage") => wanted.to_s)
    params.merge(headers: (params[:headers] || {}).merge(said))
  end

  # All that is made of Net::HTTP: open-uri, Faraday, HTTParty, RestClient.
  module NetHttp
    def request(request, *)
      BerthPropagation.quietly { BerthPropagation.mark(self, request) }
      super
    end
  end

  def mark(http, request)
    # A proxy gets what is outside.
    wanted = baggage_for(http.proxy? ? "" : http.address, request["baggage"], current)
    request["baggage"] = wanted unless wanted == request["baggage"]
  end

  PATCHES = {
    %i[Net HTTP] => [:request, NetHttp],
    %i[Puma Server] => [:handle_request, Puma],
    %i[WEBrick HTTPServer] => [:service, Webrick],
    %i[HTTP Client] => [:perform, HttpRb],
    %i[Sidekiq Client] => [:raw_push, SidekiqClient],
    %i[Sidekiq Processor] => [:dispatch, SidekiqProcessor],
    %i[Excon Connection] => [:request, Excon],
  }

  # Called when something was loaded: patches what is there now, and loads nothing for our sake.
  def patch
    PATCHES.delete_if do |path, (method, patch)|
      found = path.reduce(Object) do |owner, name|
        break if owner.autoload?(name) || !owner.const_defined?(name, false)

        owner.const_get(name, false)
      end
      has = found && (found.method_defined?(method) || found.private_method_defined?(method))
      has && found.prepend(patch)
    end
  end

  # Kernel#require, which autoload calls too.
  module Require
    private

    def require(...)
      loaded = super
      BerthPropagation.quietly { BerthPropagation.patch } if loaded && !PATCHES.empty?
      loaded
    end
  end
end

BerthPropagation.quietly do
  BerthPropagation.patch
  Kernel.prepend(BerthPropagation::Require)
end
