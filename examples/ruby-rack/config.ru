require "quick_sum"

run lambda { |env|
  body = "Rack #{Rack.release} on Ruby #{RUBY_VERSION}: 1 + 2 + 3 = #{QuickSum.of([1, 2, 3])}\n"
  [200, { "content-type" => "text/plain" }, [body]]
}
