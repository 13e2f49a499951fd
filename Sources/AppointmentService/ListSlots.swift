import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Lists the free slots of one doctor or of a department's: by start, then by doctor. Those that a booking would be
    /// given now, for each is asked of the booking's own rules.
    public func listSlots(_ request: ListSlotsRequest, _ context: CallContext) async throws -> ListSlotsResponse {
        let rows = try PageSize.rows(request.pageSize)
        let days = try DayRange(from: request.from, to: request.to, atMost: Self.mostDaysOfSlots)
        let start = try request.positionOfPageToken()
        let doctors = try await candidates(request, days, context)
        let found = firstSlots(rows + 1, of: doctors, days, from: start)
        let page = found.prefix(rows)
        return ListSlotsResponse(
            slots: page.map { $0.message(calendar) }, nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
    }

    private static let mostDaysOfSlots = 31

    private func candidates(_ request: ListSlotsRequest, _ days: DayRange, _ context: CallContext) async throws -> [BookableDoctor] {
        let whom = try request.whom()
        let period = days.period
        let available = try await peers.availability(of: whom, from: period.start, to: period.end, context)
        if case .doctorID = whom, let rejection = rejectionOfListing(available.first.map { BookedDoctor($0) }) { throw rejection }
        return try await database.scan { reader in
            try available.map { availability in
                let doctorID = availability.doctor?.doctorID ?? ""
                return BookableDoctor(
                    doctorID: doctorID, doctor: BookedDoctor(availability),
                    taken: try reader.takenSlots(of: doctorID, on: days))
            }
        }
    }

    /// Looks at no more slots than it takes to find as many as are wanted.
    private func firstSlots(_ count: Int, of doctors: [BookableDoctor], _ days: DayRange, from position: SlotPosition) -> [FoundSlot] {
        let now = clock.now()
        var found: [FoundSlot] = []
        for day in days.days.lazy.map({ LocalDate(daysSinceEpoch: $0) }) {
            for slot in calendar.slots(of: day) where slot.start >= position.start && slot.start >= now {
                for doctor in doctors where position.isBefore(slot, doctor.doctorID) {
                    guard !freeSlots(of: doctor.doctor, among: [slot], taken: doctor.taken, calendar, at: now).isEmpty else { continue }
                    found.append(FoundSlot(doctorID: doctor.doctorID, slot: slot))
                    if found.count == count { return found }
                }
            }
        }
        return found
    }
}

/// A doctor whose slots are listed.
private struct BookableDoctor: Sendable {
    let doctorID: String
    let doctor: BookedDoctor
    let taken: TakenSlots
}

private struct FoundSlot {
    let doctorID: String
    let slot: Slot

    func message(_ calendar: ClinicCalendar) -> FreeSlot {
        FreeSlot(
            doctorID: doctorID, start: ProtobufTimestamp(slot.start), end: ProtobufTimestamp(slot.end),
            localStart: calendar.localTime(of: slot.start).minuteText)
    }
}

/// After which slot a page begins.
private struct SlotPosition {
    let start: Instant
    let doctorID: String

    static let beginning = SlotPosition(start: Instant(millisecondsSinceEpoch: .min), doctorID: "")

    func isBefore(_ slot: Slot, _ doctorID: String) -> Bool {
        (start, self.doctorID) < (slot.start, doctorID)
    }
}

extension ListSlotsRequest {
    private var filters: [String] { [doctorID ?? "", department ?? "", from, to] }

    fileprivate func whom() throws(Rejection) -> ListAvailabilityRequest.OneOf_Of {
        switch (doctorID, department) {
        case (let doctorID?, nil): return .doctorID(doctorID)
        case (nil, let department?): return .department(department)
        case (nil, nil), (.some, .some):
            throw Rejection(invalid: [.init(field: "doctor_id", sentence: "either doctor_id or department is needed, and not both")])
        }
    }

    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func positionOfPageToken() throws -> SlotPosition {
        guard let key = try PageToken.sortKey(in: pageToken, filters: filters) else { return .beginning }
        let parts = key.split(separator: " ")
        guard parts.count == 2, let milliseconds = Int64(parts[0]) else { return .beginning }
        return SlotPosition(start: Instant(millisecondsSinceEpoch: milliseconds), doctorID: String(parts[1]))
    }

    fileprivate func pageToken(after last: FoundSlot?) -> String {
        last.map { PageToken.make(after: "\($0.slot.start.millisecondsSinceEpoch) \($0.doctorID)", filters: filters) } ?? ""
    }
}
