/**
 * Parts of the User-Agent of those who ask without a person behind them: monitors, scrapers of metrics, crawlers. Their requests
 * neither wake an app nor keep it awake. No part has white space or is so short that a browser's name could hold it.
 */
export const bots: readonly string[] = [
  // probes and monitors
  'berth-health', 'kube-probe', 'ELB-HealthChecker', 'GoogleHC', 'Consul', 'Blackbox-Exporter', 'UptimeRobot', 'Pingdom',
  'StatusCake', 'BetterStack', 'BetterUptime', 'Site24x7', 'HetrixTools', 'Datadog', 'NewRelicPinger', 'Zabbix', 'Nagios', 'check_http',
  'Uptime-Kuma', 'updown.io', 'Checkly', 'Freshping', 'Gatus',
  // metrics
  'Prometheus', 'VictoriaMetrics', 'vm_promscrape', 'Telegraf', 'OpenTelemetry-Collector', 'Grafana',
  // crawlers
  'Googlebot', 'bingbot', 'YandexBot', 'Baiduspider', 'DuckDuckBot', 'Applebot', 'facebookexternalhit', 'Twitterbot', 'LinkedInBot',
  'Slackbot', 'Discordbot', 'TelegramBot', 'WhatsApp', 'AhrefsBot', 'SemrushBot', 'MJ12bot', 'DotBot', 'PetalBot', 'Bytespider',
  'GPTBot', 'ClaudeBot', 'CCBot', 'PerplexityBot', 'Amazonbot', 'archive.org_bot', 'CensysInspect', 'zgrab', 'masscan', 'Nmap',
]; // biome-ignore format: one line per kind
