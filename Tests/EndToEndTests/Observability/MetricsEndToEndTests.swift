import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import ProcessDriving
import Supervision
import Testing

/// What a hospital tells of itself, asked by those who will ask: a person at a terminal, and Debian's Prometheus.
@Suite(.enabled(if: PrometheusServer.isThere, "it needs Debian's prometheus"), .serialized, .timeLimit(.minutes(10)))
struct MetricsEndToEndTests {
    @Test func `a Prometheus finds every process of a hospital, and answers every question of the dashboard`() async throws {
        try await Clinic.open { clinic in
            let prometheus = try PrometheusServer(
                scraping: clinic.hospital.data.metricsTargetsPath, rules: ["recording-rules.yml", "alerts.yml"])
            try await eventually("all processes are scraped", within: .seconds(60)) {
                (try? await prometheus.query("up{job=\"hms\"} == 1").count) == 8
            }
            _ = try await Self.visit(clinic)
            for panel in try Observability.panels() {
                for query in panel.queries where !panel.isOfPostgres {
                    try await eventually("\(panel.title) has data: \(query)", within: .seconds(60)) {
                        try await !prometheus.query(query).isEmpty
                    }
                }
                // They are understood, at least.
                for query in panel.queries where panel.isOfPostgres { _ = try await prometheus.query(query) }
            }
            try await Self.expectNumbers(prometheus)
            let rules = try await prometheus.rules()
            #expect(rules.count > 30)
            for rule in rules { #expect(rule["health"]?.text == "ok", "\(rule.compact)") }
            let firing = try await prometheus.query("ALERTS{alertstate=\"firing\"}")
            #expect(firing.isEmpty, "\(firing.map(\.compact))")
        }
    }

    /// One visit, one booking too many, one no-show's worth of nothing: what was done is what is counted.
    private static func expectNumbers(_ prometheus: PrometheusServer) async throws {
        let wanted = [
            ("sum(hms_appointments_created_total)", "2"), ("sum(hms_appointments_completed_total)", "1"),
            ("sum(hms_appointments_cancelled_total{by=\"patient\"})", "1"), ("sum(hms_bills_created_total{kind=\"CONSULTATION\"})", "1"),
            ("sum(hms_bill_creation_latency_seconds_count)", "1"), ("sum(hms_payments_captured_total)", "1"),
            ("sum(hms_payments_failed_total{reason=\"DECLINED\"})", "1"), ("sum(hms_revenue_minor_units_total{currency=\"INR\"})", "84000"),
            ("sum(hms_rejections_total{code=\"DOCTOR_SLOT_TAKEN\"})", "1"), ("sum(hms_emergency_accesses_total)", "1"),
            ("sum(hms_rejections_total{code=\"ACCESS_REASON_REQUIRED\"})", "1"),
            ("sum(http_server_request_duration_seconds_count{http_route=\"/v1/appointments\",http_response_status_code=\"201\"})", "2"),
            ("max(hms_slots_utilization_ratio)", "0.125"), ("sum(hms_outbox_dead_letters)", "0"),
        ]
        for (query, value) in wanted {
            try await eventually("\(query) is \(value)", within: .seconds(60)) {
                try await prometheus.query(query).first?["value"]?.elements.last?.text == value
            }
        }
    }

    @Test func `metrics are well formed, and name nobody`() async throws {
        try await Clinic.open { clinic in
            let named = try await Self.visit(clinic)
            for path in ["/v1/patients/\(named[1])x", "/Canary-Zuleika", "/v1/patients?query=Canary-Zuleika"] {
                _ = try await clinic.reception.get(path)
            }
            let told = try await CommandRun(Clinic.executable, ["metrics", "--data", clinic.hospital.data.path])
            #expect(told.status == 0)
            #expect(told.output.contains("rpc_server_call_duration_seconds_count{service=\"patient\""))
            #expect(told.output.contains("http_route=\"/v1/patients/{patient_id}\""))
            for word in named + ["Zuleika", "zuleika", "98450"] { #expect(!told.output.contains(word), "\(word) is in the metrics") }
            let file = clinic.hospital.folder.path + "/metrics.txt"
            try told.output.write(toFile: file, atomically: true, encoding: .utf8)
            let check = try await CommandRun("/bin/sh", ["-c", "promtool check metrics < '\(file)' 2>&1"])
            #expect(check.status == 0, "\(check.output)")
        }
    }

    /// A visit that is seen and paid for, a booking that is refused, one that is called off, and a payment that fails. Answers
    /// the ids of everything and everybody.
    private static func visit(_ clinic: Clinic) async throws -> [String] {
        let day = try clinic.nextDay()
        let doctor = try await clinic.doctor()
        let person: JSONValue = [
            "name": "Canary-Zuleika Featherstonehaugh", "dob": "1990-12-10", "email": "zuleika@mail.example", "phone": "+91 98450 98450",
        ]
        let patient = try await clinic.reception.post("/v1/patients", person, correlationID: "zuleika-1").body(201)[text: "patient_id"]
        let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
        let other = try await clinic.patient()
        try await clinic.tryToBook(other, with: doctor, at: try day.text("11:00")).expect(409, "DOCTOR_SLOT_TAKEN")
        let dropped = try await clinic.book(other, with: doctor, at: try day.text("15:00"))
        #expect(try await clinic.cancel(dropped).body(200)[text: "status"] == "CANCELLED")
        try await doctor.caller.get("/v1/patients/\(other)").expect(403, "ACCESS_REASON_REQUIRED")
        let emergency = try await doctor.caller.get("/v1/patients/\(other)", headers: [("x-access-reason", "Canary-Zuleika's sister")])
        #expect(emergency.status == 200)
        try clinic.moveClock(to: try day.at("11:20"))
        #expect(try await clinic.complete(visit, by: doctor).body(200)[text: "status"] == "COMPLETED")
        let bill = try await clinic.bill("CONSULTATION", of: visit)
        #expect(try await clinic.pay(bill, reference: "DECLINE-1").body(201)[text: "status"] == "FAILED")
        #expect(try await clinic.pay(bill).body(201)[text: "status"] == "CAPTURED")
        return [visit, patient, doctor.id, other, dropped, bill[text: "bill_id"]]
    }
}
