import Foundation
import HMSTestKit
import PlainText
import ProcessDriving
import ServiceKit
import Supervision
import Testing

/// `hms user`, and what comes of it for somebody at a browser: from his first password to his last session.
@Suite(.timeLimit(.minutes(10))) struct SignInCommandTests {
    @Test func `somebody is added, chooses his password, books, is locked out and let in again, and is out at once when he is disabled`()
        async throws
    {
        let folder = try TemporaryFolder()
        try await Clinic.open { clinic in
            let data = clinic.hospital.data.path
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let added = try await Self.user("add", "asha", "--role", "reception", "--one-time", "--data", data)
            let made = try #require(added.output.firstMatch(of: /([a-z1-9]{4}-){3}[a-z1-9]{4}/)).output.0
            let browser = Browser(url: clinic.hospital.url, jar: folder.path + "/jar")

            // The password that was made for her opens one door only.
            try await eventually { try await browser.signIn("asha", String(made)).status == 403 }
            #expect(try await browser.get("/session").status == 401)
            let fields = ["name=asha", "password=\(made)", "new_password=\(Self.chosen)", "again=\(Self.chosen)", "return_to=/docs"]
            let chosen = try await browser.submit("/session/password", fields)
            #expect(chosen.status == 303 && chosen.location.hasSuffix("/docs"))

            let booking: JSONValue = try [
                "patient_id": .string(patient), "doctor_id": .string(doctor.id), "department": .string(StoryDoctor.department),
                "slot_start": .string(day.text("11:00")),
            ]
            #expect(try await browser.post("/v1/appointments", booking, origin: "https://evil.example").status == 403)
            #expect(try await browser.post("/v1/appointments", booking, origin: nil).status == 403)
            #expect(try await browser.post("/v1/appointments", booking).status == 201)

            for _ in 0..<5 { #expect(try await browser.signIn("asha", "wrong wrong wrong").status == 401) }
            let locked = try await browser.signIn("asha", Self.chosen)
            #expect(locked.status == 429)
            #expect(try await browser.get("/session").status == 200, "who is in already stays")
            #expect(try await Self.user("unlock", "asha", "--data", data).status == 0)
            try await eventually { try await browser.signIn("asha", Self.chosen).status == 303 }

            let elsewhere = Browser(url: clinic.hospital.url, jar: folder.path + "/jar-2")
            #expect(try await elsewhere.signIn("asha", Self.chosen).status == 303)
            let again = ["name=asha", "password=\(Self.chosen)", "new_password=\(Self.third)", "again=\(Self.third)"]
            #expect(try await browser.submit("/session/password", again).status == 303)
            #expect(try await browser.get("/session").status == 200)
            #expect(try await elsewhere.get("/session").status == 401)

            #expect(try await Self.user("disable", "asha", "--data", data).status == 0)
            try await eventually { try await browser.get("/session").status == 401 }
            #expect(try await browser.signIn("asha", Self.third).status == 401)
            #expect(try await Self.user("list", "--data", data).output.contains("disabled"))
        }
    }

    private static let chosen = "correct horse battery"
    private static let third = "a third horse battery"

    /// A running hospital hears of a change within a second.
    private func eventually(_ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private static func user(_ arguments: String...) async throws -> CommandRun {
        try await CommandRun(Clinic.executable, ["user"] + arguments)
    }
}

/// Sends what a browser does: its cookies, and which page asks.
private struct Browser {
    struct Page {
        let status: Int
        /// Where it leads.
        let location: String
    }

    let url: String
    /// A file of cookies.
    let jar: String

    func get(_ path: String) async throws -> Page { try await send(path, []) }

    func signIn(_ name: String, _ password: String) async throws -> Page {
        try await submit("/session", ["name=\(name)", "password=\(password)", "return_to=/docs"])
    }

    /// Sends a form of a page of the hospital.
    func submit(_ path: String, _ fields: [String]) async throws -> Page {
        try await send(path, ["-H", "Origin: \(url)"] + fields.flatMap { ["--data-urlencode", $0] })
    }

    /// Sends what a script of a page does.
    func post(_ path: String, _ body: JSONValue, origin: String? = "self") async throws -> Page {
        let origin = origin.map { ["-H", "Origin: \($0 == "self" ? url : $0)"] } ?? []
        return try await send(path, origin + ["-H", "Content-Type: application/json", "--data", body.compact])
    }

    private func send(_ path: String, _ arguments: [String]) async throws -> Page {
        let run = try await CommandRun(
            "/usr/bin/curl",
            ["-s", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", "--max-time", "60", "-b", jar, "-c", jar] + arguments
                + [url + path])
        let words = run.output.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        return Page(status: Int(words.first ?? "") ?? 0, location: words.count > 1 ? String(words[1]) : "")
    }
}
