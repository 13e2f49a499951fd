/// Whom and where a text is about (notification rule 4): the doctor, his department as it was booked, and the clinic.
public struct Whereabouts: Hashable, Sendable {
    /// As he writes his name; nil where it is not known.
    public let doctor: String?
    /// Nil where it is not known.
    public let department: String?
    /// As it stands in a sentence: `Sunrise Clinic`, `the clinic`.
    public let clinic: String

    public init(doctor: String? = nil, department: String? = nil, clinic: String) {
        self.doctor = doctor.flatMap { $0.isEmpty ? nil : $0 }
        self.department = department.flatMap { $0.isEmpty ? nil : $0 }
        self.clinic = clinic
    }

    /// `with Dr. Meera Iyer, Cardiology, at Sunrise Clinic`; the words before the doctor and the clinic are the sentence's.
    func spoken(_ preposition: String) -> String {
        switch (doctor, department) {
        case (let doctor?, let department?): "\(preposition) \(doctor), \(department), at \(clinic)"
        case (let doctor?, nil): "\(preposition) \(doctor) at \(clinic)"
        case (nil, let department?): "\(preposition) \(department) at \(clinic)"
        case (nil, nil): "at \(clinic)"
        }
    }
}
