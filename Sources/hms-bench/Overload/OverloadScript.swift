/// What wrk sends where a hospital is asked for more than it can do: bookings, in wrk's own language.
enum OverloadScript {
    /// `BODIES` is a file of bookings, a line each, every one for another slot; `TOKEN` a bearer token. Who is refused for load waits as
    /// long as `Retry-After` says, and then asks for the same slot again; with `IMPATIENT` set he asks again at once.
    ///
    /// The last line of the output is JSON. Latencies, in microseconds, are those of bookings that were made: each request brings when it
    /// was sent as its correlation id, which comes back.
    static let text = #"""
        local ffi = require("ffi")
        ffi.cdef[[ typedef struct { long sec; long nsec; } overload_time; int clock_gettime(int clock, overload_time *now); ]]
        local time, isImpatient = ffi.new("overload_time"), os.getenv("IMPATIENT") ~= nil
        local bodies, again, next, waiting, threads = {}, {}, 0, 0, {}
        local headers = {Authorization = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json"}

        local function now()
          ffi.C.clock_gettime(1, time)
          return tonumber(time.sec) * 1000000 + math.floor(tonumber(time.nsec) / 1000)
        end

        function setup(thread)
          thread:set("id", #threads)
          thread:set("ofThreads", tonumber(os.getenv("THREADS")))
          threads[#threads + 1] = thread
        end

        function init()
          made, refused, failed, isSpent, histogram = 0, 0, 0, false, {}
          local i = 0
          for line in io.lines(os.getenv("BODIES")) do
            if i % ofThreads == id then bodies[#bodies + 1] = line end
            i = i + 1
          end
        end

        function request()
          local number = table.remove(again)
          if not number then
            next = next + 1
            if next > #bodies then isSpent = true; next = #bodies; wrk.thread:stop() end
            number = next
          end
          headers["X-Correlation-ID"] = ("%d-%d"):format(number, now())
          return wrk.format("POST", "/v1/appointments", headers, bodies[number])
        end

        function response(status, answered)
          if status == 201 then
            local sent = tonumber((answered["X-Correlation-ID"] or ""):match("-(%d+)$"))
            local bucket = math.floor((now() - sent) / 100)
            histogram[bucket] = (histogram[bucket] or 0) + 1
            made = made + 1
          elseif status == 503 and answered["Retry-After"] then
            refused = refused + 1
            again[#again + 1] = tonumber(answered["X-Correlation-ID"]:match("^(%d+)"))
            if not isImpatient then waiting = waiting + tonumber(answered["Retry-After"]) * 1000 end
          else
            failed = failed + 1
          end
        end

        -- Any of those who may ask now waits for one who was refused: they are all alike.
        function delay()
          local pause = math.min(waiting, 1000)
          waiting = waiting - pause
          return pause
        end

        local function within(histogram, count, share)
          local buckets, left = {}, count * share
          for bucket in pairs(histogram) do buckets[#buckets + 1] = bucket end
          table.sort(buckets)
          for _, bucket in ipairs(buckets) do
            left = left - histogram[bucket]
            if left < 0 then return bucket * 100 + 50 end
          end
          return 0
        end

        function done(summary)
          local made, refused, failed, isSpent, all = 0, 0, 0, false, {}
          for _, thread in ipairs(threads) do
            made, refused, failed = made + thread:get("made"), refused + thread:get("refused"), failed + thread:get("failed")
            isSpent = isSpent or thread:get("isSpent")
            for bucket, count in pairs(thread:get("histogram")) do all[bucket] = (all[bucket] or 0) + count end
          end
          local e = summary.errors
          print(('{"seconds":%.3f,"made":%d,"refused":%d,"failed":%d,"broken":%d,"spent":%s,"p50":%d,"p99":%d}'):format(
            summary.duration / 1e6, made, refused, failed, e.connect + e.read + e.write + e.timeout, tostring(isSpent),
            within(all, made, 0.5), within(all, made, 0.99)))
        end
        """#
}
