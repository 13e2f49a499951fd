import ServiceKit
import Storage
import Testing

/// Where each service keeps its data.
@Suite struct DatabasePlacesTests {
    private func load(_ environment: [String: String]) throws -> HospitalConfiguration {
        try HospitalConfiguration.load(arguments: [], environment: environment).configuration
    }

    @Test func `every service has the hospital's database, unless it has one of its own`() throws {
        let places = try load(["HMS_DATABASE": "postgres://h/hms", "HMS_PATIENT_DATABASE": "sqlite:/tmp/p.sqlite"]).databases
        #expect(places.all == "postgres://h/hms")
        #expect(places.own == ["patient": "sqlite:/tmp/p.sqlite"])
        #expect(try "\(places.database(of: "doctor", dataFolder: "var"))".contains("postgres://h/hms, schema doctor"))
        #expect(try "\(places.database(of: "patient", dataFolder: "var"))".contains("/tmp/p.sqlite"))
    }

    @Test func `without a setting it is a file in the data folder`() throws {
        #expect(try "\(load([:]).databases.database(of: "doctor", dataFolder: "var"))".contains("var/doctor/doctor.sqlite"))
    }

    @Test(arguments: [
        ["HMS_DATABASE": "sqlite:/one/for/all"], ["HMS_DATABASE": "mysql://u:s3cret@h/db"], ["HMS_DOCTOR_DATABASE": "sqlite:"],
        ["HMS_DOCTOR_DATABASE": "postgres://u:s3cret@h/db?schema=No"],
    ])
    func `what is no place is refused, and not shown`(environment: [String: String]) throws {
        do {
            _ = try load(environment)
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".contains("it is not shown") && !"\(error)".contains("s3cret"))
        }
    }
}
