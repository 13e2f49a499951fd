import Contracts
import Testing

@testable import ServiceKit

@Suite struct StoredWordTests {
    @Test(arguments: [
        (AppointmentStatus.scheduled, "SCHEDULED"), (.checkedIn, "CHECKED_IN"), (.completed, "COMPLETED"), (.cancelled, "CANCELLED"),
        (.noShow, "NO_SHOW"),
    ])
    func `a value is stored under its short name, and read by it`(status: AppointmentStatus, word: String) throws {
        #expect(try status.storedWord == word)
        #expect(try AppointmentStatus(storedWord: word) == status)
    }

    @Test(arguments: [AppointmentStatus.unspecified, .unrecognized(99)])
    func `what says nothing is not stored`(status: AppointmentStatus) {
        #expect(throws: StoredWordError.self) { try status.storedWord }
    }

    @Test(arguments: ["", "UNSPECIFIED", "scheduled", "APPOINTMENT_STATUS_SCHEDULED", "GONE"])
    func `a word that the contract doesn't know is an error, not a value`(word: String) {
        #expect(throws: StoredWordError(type: "AppointmentStatus", word: word)) { try AppointmentStatus(storedWord: word) }
    }
}
