-- Run by wrk when it is done: prints one JSON line with what http-wrk.ts reads.
-- The latencies go out as they are counted, [microseconds, how often], because wrk's own percentiles are of a histogram
-- that it has added made-up requests to; http-wrk.ts takes those out again.
function done(summary, latency, requests)
  local counts = {}
  for index = 1, #latency do
    local us, count = latency(index)
    counts[index] = string.format("[%d,%d]", us, count)
  end
  local errors = summary.errors
  io.write(string.format(
    '{"duration_us":%d,"requests":%d,"bytes":%d,' ..
    '"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d},"latency_us":[%s]}\n',
    summary.duration, summary.requests, summary.bytes,
    errors.connect, errors.read, errors.write, errors.status, errors.timeout, table.concat(counts, ",")))
end
