public import Vocabulary

/// What somebody asks for who wants an appointment.
public struct BookingRequest: Hashable, Sendable {
    public let slot: Slot
    /// Whether the slot is asked for to the millisecond. A time that is finer is on no grid, be it cut off to one that is.
    public let isExact: Bool
    /// The department that the patient is to be seen in, as it was typed.
    public let department: String

    public init(slot: Slot, isExact: Bool = true, department: String) {
        self.slot = slot
        self.isExact = isExact
        self.department = department
    }
}

/// What is known when a booking is judged.
public struct BookingFacts: Hashable, Sendable {
    /// Nil where there is no such patient.
    public let patient: BookedPatient?
    /// Nil where there is no such doctor.
    public let doctor: BookedDoctor?
    public let places: TakenPlaces
    public let calendar: ClinicCalendar

    public init(patient: BookedPatient?, doctor: BookedDoctor?, places: TakenPlaces, calendar: ClinicCalendar) {
        self.patient = patient
        self.doctor = doctor
        self.places = places
        self.calendar = calendar
    }

    /// The same, where other appointments take these places.
    public func beside(_ places: TakenPlaces) -> BookingFacts {
        BookingFacts(patient: patient, doctor: doctor, places: places, calendar: calendar)
    }
}

/// What a booking needs to know of the patient.
public struct BookedPatient: Hashable, Sendable {
    public let isActive: Bool

    public init(isActive: Bool) {
        self.isActive = isActive
    }
}

/// What a booking needs to know of the doctor.
public struct BookedDoctor: Hashable, Sendable {
    public let isActive: Bool
    public let department: String
    public let workingHours: [WorkingHours]
    /// His leaves, at least those that touch the slot.
    public let leaves: [Leave]

    /// A time in which the doctor sees nobody, half-open.
    public struct Leave: Hashable, Sendable {
        public let start: Instant
        public let end: Instant

        public init(start: Instant, end: Instant) {
            self.start = start
            self.end = end
        }
    }

    public init(isActive: Bool, department: String, workingHours: [WorkingHours], leaves: [Leave]) {
        self.isActive = isActive
        self.department = department
        self.workingHours = workingHours
        self.leaves = leaves
    }
}

/// What other appointments take of the patient's and the doctor's time.
public struct TakenPlaces: Hashable, Sendable {
    /// Whether the patient has an active appointment in the slot.
    public let patientHasSlot: Bool
    /// Whether the doctor has an active appointment in the slot.
    public let doctorHasSlot: Bool
    /// The doctor's appointments on the slot's clinic day that are not cancelled.
    public let doctorHasThatDay: Int

    public init(patientHasSlot: Bool, doctorHasSlot: Bool, doctorHasThatDay: Int) {
        self.patientHasSlot = patientHasSlot
        self.doctorHasSlot = doctorHasSlot
        self.doctorHasThatDay = doctorHasThatDay
    }

    public static let none = TakenPlaces(patientHasSlot: false, doctorHasSlot: false, doctorHasThatDay: 0)
}
