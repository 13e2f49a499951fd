/// What wrk sends where one request follows from the answer to another: whole visits, in two halves, in wrk's own language.
enum VisitScript {
    /// `HALF` is `first`: patients are registered and booked, each for a line `DOCTOR SLOT` of the file `SLOTS`, and the ids of their
    /// appointments are written to files beginning with `BOOKED`. Or `second`: visits of the file `BOOKED` are completed, their bills
    /// waited for and paid. `TOKEN` is a bearer token that may do all of it. The last line of the output is JSON; `visits` says how many
    /// came to the half's end.
    static let text = #"""
        local todo, first, last, number, threads = {}, 1, 0, 0, {}
        local isFirstHalf = os.getenv("HALF") == "first"
        local lines, booked = nil, nil

        function setup(thread)
          thread:set("id", #threads)
          thread:set("ofThreads", tonumber(os.getenv("THREADS")))
          threads[#threads + 1] = thread
        end

        function init()
          visits, isSpent = 0, false
          lines = {}
          local i = 0
          for line in io.lines(os.getenv(isFirstHalf and "SLOTS" or "BOOKED")) do
            if i % ofThreads == id then lines[#lines + 1] = line end
            i = i + 1
          end
          if isFirstHalf then booked = io.open(os.getenv("BOOKED") .. id, "w"); booked:setvbuf("line") end
        end

        local function format(method, path, body, field, value)
          local headers = {Authorization = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = body and "application/json"}
          if field then headers[field] = value end
          return wrk.format(method, path, headers, body)
        end

        local function ask(...)
          last = last + 1
          todo[last] = format(...)
        end

        local function nextLine()
          number = number + 1
          if number <= #lines then return lines[number] end
          isSpent = true
          wrk.thread:stop()
          return lines[#lines] or "none none"
        end

        local function begin()
          if not isFirstHalf then return format("POST", "/v1/appointments/" .. nextLine() .. "/complete", "{}") end
          number = number + 1
          return format("POST", "/v1/patients", ('{"name":"Visitor %s %d %d","dob":"1984-02-29"}'):format(os.getenv("ROUND"), id, number))
        end

        function request()
          if first > last then return begin() end
          local ready = todo[first]
          todo[first] = nil
          first = first + 1
          return ready
        end

        local function askBill(appointment)
          ask("GET", "/v1/bills?appointment_id=" .. appointment, nil, "X-Correlation-ID", appointment)
        end

        function response(status, headers, body)
          local name, value = body:match('^{"([a-z_]+)":"([^"]+)"')
          if name == "patient_id" then
            local doctor, slot = table.remove(lines):match("^(%S+) (%S+)$")
            ask("POST", "/v1/appointments", ('{"patient_id":"%s","doctor_id":"%s","department":"Bench","slot_start":"%s"}'):format(value, doctor, slot))
          elseif name == "appointment_id" and isFirstHalf then
            visits = visits + 1
            booked:write(value, "\n")
            if #lines == 0 then isSpent = true; wrk.thread:stop() end
          elseif name == "appointment_id" then
            askBill(value)
          elseif name == "payment_id" then
            visits = visits + 1
          elseif body:match('^{"bills":%[%]') then
            askBill(headers["X-Correlation-ID"])
          elseif body:match('^{"bills":') then
            local bill, amount = body:match('"bill_id":"([^"]+)".-"amount":(%d+)')
            ask("POST", "/v1/payments", ('{"bill_id":"%s","amount":%s,"method":"CARD"}'):format(bill, amount), "Idempotency-Key", bill)
          end
        end

        function done(summary, latency)
          local e, visits, isSpent = summary.errors, 0, false
          for _, thread in ipairs(threads) do
            visits = visits + thread:get("visits")
            isSpent = isSpent or thread:get("isSpent")
          end
          print(('{"per_second":%.1f,"visits":%d,"spent":%s,"p50":%.0f,"p99":%.0f,"requests":%d,"refused":%d,"broken":%d}'):format(
            visits / summary.duration * 1e6, visits, tostring(isSpent), latency:percentile(50), latency:percentile(99), summary.requests,
            e.status, e.connect + e.read + e.write + e.timeout))
        end
        """#
}
