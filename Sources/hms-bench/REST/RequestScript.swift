/// What wrk sends: its script, in wrk's own language.
enum RequestScript {
    /// `REQUESTS` is a file of lines `METHOD PATH BODY`, `TOKEN` a bearer token. With `ONCE` set each line is sent once by
    /// one of the threads, else each thread sends them in turn; `%d` in a body becomes a number that nothing else has. The last line of the output is JSON.
    static let text = #"""
        local lines, next, number, threads = {}, 0, 0, {}
        local headers = {Authorization = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json"}

        function setup(thread)
          thread:set("id", #threads)
          thread:set("ofThreads", tonumber(os.getenv("THREADS")))
          threads[#threads + 1] = thread
        end

        function init()
          local i = 0
          for line in io.lines(os.getenv("REQUESTS")) do
            if not os.getenv("ONCE") or i % ofThreads == id then
              local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
              lines[#lines + 1] = {method = method, path = path, body = body}
              if method == "GET" then lines[#lines].ready = wrk.format(method, path, headers) end
            end
            i = i + 1
          end
          next = 0
        end

        function request()
          next = next + 1
          if next > #lines then
            if os.getenv("ONCE") then wrk.thread:stop() end
            next = 1
          end
          local line = lines[next]
          if line.ready then return line.ready end
          number = number + 1
          local unique = ("%s%d%07d"):format(os.getenv("ROUND"), id, number)
          return wrk.format(line.method, line.path, headers, (line.body:gsub("%%d", unique)))
        end

        function done(summary, latency)
          local e = summary.errors
          print(('{"per_second":%.1f,"p50":%.0f,"p99":%.0f,"requests":%d,"refused":%d,"broken":%d}'):format(
            summary.requests / summary.duration * 1e6, latency:percentile(50), latency:percentile(99), summary.requests, e.status,
            e.connect + e.read + e.write + e.timeout))
        end
        """#
}
