import Contracts
import HMSTestKit
import RPC
import Testing

@Suite(.timeLimit(.minutes(10))) struct ListTests {
    @Test func `patients are listed newest first`() async throws {
        try await withPatients { hospital in
            for name in ["Asha", "Bela", "Cem"] { _ = try await hospital.register(name, dob: "1980-02-29") }
            #expect(try await hospital.list().map(\.name) == ["Cem", "Bela", "Asha"])
        }
    }

    @Test(
        arguments: [
            (ListPatientsRequest(query: "AN"), ["Dana Öz", "Jana Rao", "Anna Rao"]),
            (ListPatientsRequest(query: "rao"), ["Jana Rao", "Anna Rao"]),
            (ListPatientsRequest(query: "oz"), ["Dana Öz"]),
            (ListPatientsRequest(query: "a r"), ["Jana Rao", "Anna Rao"]),
            (ListPatientsRequest(query: "  anna   rao "), ["Anna Rao"]),
            (ListPatientsRequest(query: "%"), []),
            (ListPatientsRequest(query: "_nna"), []),
            (ListPatientsRequest(query: "\" OR \"a"), []),
            (ListPatientsRequest(email: "FAMILY@example.org"), ["Jana Rao", "Anna Rao"]),
            (ListPatientsRequest(email: "family@example.or"), []),
            (ListPatientsRequest(phone: "+91-98765.43210"), ["Dana Öz", "Anna Rao"]),
            (ListPatientsRequest(phone: "9876543210"), ["Dana Öz", "Anna Rao"]),
            (ListPatientsRequest(phone: "3210", status: .active), ["Dana Öz", "Anna Rao"]),
            (ListPatientsRequest(phone: "210"), []),
            (ListPatientsRequest(phone: "98765"), []),
            (ListPatientsRequest(phone: "no digits"), []),
            (ListPatientsRequest(status: .inactive), ["Jana Rao"]),
            (ListPatientsRequest(status: .active), ["Dana Öz", "Anna Rao"]),
            (ListPatientsRequest(query: "an", status: .inactive), ["Jana Rao"]),
            (ListPatientsRequest(query: "jan", status: .active), []),
            (ListPatientsRequest(query: "an", email: "family@example.org", phone: "919876543210", status: .active), ["Anna Rao"]),
            (ListPatientsRequest(query: "dana", email: "family@example.org"), []),
            (ListPatientsRequest(query: "Rao, Anna"), ["Anna Rao"]),
            (ListPatientsRequest(query: "rao jana", status: .inactive), ["Jana Rao"]),
            (ListPatientsRequest(dob: "1980-02-29"), ["Jana Rao", "Anna Rao"]),
            (ListPatientsRequest(dob: "1981-01-01"), ["Dana Öz"]),
            (ListPatientsRequest(dob: "1981-01-02"), []),
            (ListPatientsRequest(query: "rao an", status: .active, dob: "1980-02-29"), ["Anna Rao"]),
            (ListPatientsRequest(email: "family@example.org", phone: "3210", dob: "1980-02-29"), ["Anna Rao"]),
            (ListPatientsRequest(phone: "3210", dob: "1980-02-29"), ["Anna Rao"]),
            (ListPatientsRequest(email: "\u{2003}family@example.org\u{A0}"), ["Jana Rao", "Anna Rao"]),
        ] as [(ListPatientsRequest, [String])])
    func `every condition that is set must be met`(request: ListPatientsRequest, names: [String]) async throws {
        try await withPatients { hospital in
            _ = try await hospital.register("Anna Rao", dob: "1980-02-29", email: "family@example.org", phone: "+91 98765 43210")
            let jana = try await hospital.register("Jana Rao", dob: "1980-02-29", email: "Family@Example.org")
            _ = try await hospital.register("Dana Öz", dob: "1981-01-01", phone: "919876543210")
            try await hospital.delete(jana)
            #expect(try await hospital.patients.listPatients(request).patients.map(\.name) == names)
        }
    }

    @Test func `pages hold every patient once while others are registered`() async throws {
        try await withPatients { hospital in
            var expected: [String] = []
            for index in 0..<150 { expected.append(try await hospital.register("Patient \(index)", dob: "1980-02-29").patientID) }
            for request in [ListPatientsRequest(pageSize: 7), ListPatientsRequest(query: "ati", pageSize: 7)] {
                var request = request
                var found: [String] = []
                repeat {
                    let page = try await hospital.patients.listPatients(request)
                    #expect(page.patients.count <= 7)
                    found += page.patients.map(\.patientID)
                    request.pageToken = page.nextPageToken
                    expected.append(try await hospital.register("Patient late \(expected.count)", dob: "1980-02-29").patientID)
                } while !request.pageToken.isEmpty
                let late = expected.count - found.count
                #expect(found == expected.dropLast(late).reversed())
            }
        }
    }

    @Test func `the last page says so, also when it is full`() async throws {
        try await withPatients { hospital in
            for index in 0..<6 { _ = try await hospital.register("Patient \(index)", dob: "1980-02-29") }
            let first = try await hospital.patients.listPatients(ListPatientsRequest(pageSize: 3))
            #expect(!first.nextPageToken.isEmpty)
            let last = try await hospital.patients.listPatients(ListPatientsRequest(pageSize: 3, pageToken: first.nextPageToken))
            #expect(last.patients.count == 3)
            #expect(last.nextPageToken.isEmpty)
        }
    }

    @Test func `a page token is good for its own list only`() async throws {
        try await withPatients { hospital in
            for index in 0..<6 { _ = try await hospital.register("Patient \(index)", dob: "1980-02-29") }
            let token = try await hospital.patients.listPatients(ListPatientsRequest(query: "pat", pageSize: 3)).nextPageToken
            for request in [
                ListPatientsRequest(pageToken: token), ListPatientsRequest(query: "pati", pageToken: token),
                ListPatientsRequest(query: "pat", status: .active, pageToken: token),
                ListPatientsRequest(query: "pat", pageToken: token + "x"),
            ] {
                await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.patients.listPatients(request) }
            }
        }
    }
}
