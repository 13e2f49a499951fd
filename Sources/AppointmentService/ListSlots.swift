import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Lists the free slots of one doctor or of a department's: by start, then by doctor. Those that a booking would be
    /// given now, for each is asked of the booking's own rules.
    ///
    /// An answer does a bounded amount of work, on the threads for long reads: of a department that is large or booked out
    /// it may hold fewer slots than were asked for, or none, and a token to go on with.
    public func listSlots(_ request: ListSlotsRequest, _ context: CallContext) async throws -> ListSlotsResponse {
        let page = try PageRequest<SlotPosition>(
            request.pageSize, after: request.pageToken, filters: [request.doctorID, request.department, request.from, request.to])
        let days = try DayRange(from: request.from, to: request.to, atMost: Self.mostDaysOfSlots)
        let whom = try request.whom()
        var search = SlotSearch(days, from: page.position ?? .beginning, atMost: page.limit, calendar, at: clock.now())
        var partsLeft = SlotSearch.partsOfAnswer
        while let doctorID = search.missingPart, partsLeft > 0 {
            partsLeft -= 1
            let available = try await availability(of: whom, after: doctorID, search.daysToCome, context)
            search = try await database.scan { [search] reader in
                var search = search
                search.add(try reader.part(available, after: whom.hasParts ? doctorID : "", on: search.daysToCome))
                search.goOn()
                return search
            }
        }
        return ListSlotsResponse(
            slots: search.found.prefix(page.size).map { $0.message(calendar) },
            nextPageToken: search.position(afterRows: page.size).map(page.token) ?? "")
    }

    private static let mostDaysOfSlots = 31

    private func availability(
        of whom: ListAvailabilityRequest.OneOf_Of, after doctorID: String, _ days: DayRange, _ context: CallContext
    ) async throws -> ListAvailabilityResponse {
        let available = try await peers.availability(of: whom, after: doctorID, in: days.period, context)
        if case .doctorID = whom, let rejection = rejectionOfListing(available.doctors.first.map { BookedDoctor($0) }) { throw rejection }
        return available
    }
}

extension Reader {
    fileprivate func part(_ available: ListAvailabilityResponse, after doctorID: String, on days: DayRange) throws -> DepartmentPart {
        let doctors = try available.doctors.map { availability in
            let doctorID = availability.doctor?.doctorID ?? ""
            return BookableDoctor(
                doctorID: doctorID, doctor: BookedDoctor(availability), taken: try takenSlots(of: doctorID, on: days))
        }
        return DepartmentPart(after: doctorID, doctors: doctors, hasMore: available.hasMore && !doctors.isEmpty)
    }
}

extension ListAvailabilityRequest.OneOf_Of {
    /// A department comes in parts, one doctor does not.
    fileprivate var hasParts: Bool {
        if case .department = self { true } else { false }
    }
}

extension FoundSlot {
    fileprivate func message(_ calendar: ClinicCalendar) -> FreeSlot {
        FreeSlot(
            doctorID: doctorID, start: ProtobufTimestamp(slot.start), end: ProtobufTimestamp(slot.end),
            localStart: calendar.localTime(of: slot.start).minuteText)
    }
}

extension ListSlotsRequest {
    fileprivate func whom() throws(Rejection) -> ListAvailabilityRequest.OneOf_Of {
        switch (doctorID, department) {
        case (let doctorID?, nil): return .doctorID(doctorID)
        case (nil, let department?): return .department(department)
        case (nil, nil), (.some, .some):
            throw Rejection(invalid: [.init(field: "doctor_id", sentence: "either doctor_id or department is needed, and not both")])
        }
    }
}
