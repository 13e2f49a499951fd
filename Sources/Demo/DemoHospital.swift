import PlainText
import SeededRandom

/// A small hospital that looks like one: the same people for the same seed.
public struct DemoHospital: Sendable {
    struct Doctor: Sendable {
        let body: JSONValue
        let workingHours: JSONValue
    }

    let seed: UInt64
    let doctors: [Doctor]
    let patients: [JSONValue]

    public init(seed: UInt64 = 1, patientCount: Int = 40) {
        self.seed = seed
        var random = SplitMix64(seed: seed)
        var names = DemoNames(&random)
        doctors = DemoDepartment.all.flatMap { department in
            department.specializations.map { specialization in
                Self.doctor(department.name, specialization, name: "Dr. " + names.next(), &random)
            }
        }
        patients = (0..<patientCount).map { number in Self.patient(name: names.next(), number, &random) }
    }

    private static func doctor(
        _ department: String, _ specialization: String, name: String, _ random: inout SplitMix64
    ) -> Doctor {
        let body: JSONValue = [
            "name": .string(name), "department": .string(department), "specialization": .string(specialization),
            "email": .string(address(of: name, at: "hms.example")), "phone": .string(phone(&random)),
            "consultation_fee": .integer(Int64.random(in: 6...16, using: &random) * 5_000),
        ]
        return Doctor(body: body, workingHours: workingHours(&random))
    }

    /// Five or six days, in one stretch or with a break at noon.
    private static func workingHours(_ random: inout SplitMix64) -> JSONValue {
        let days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"].prefix(Int.random(in: 5...6, using: &random))
        let stretches = [[("09:00", "13:00"), ("14:00", "18:00")], [("09:00", "15:00")], [("12:00", "18:00")]]
        let chosen = stretches[Int.random(in: 0..<stretches.count, using: &random)]
        let hours = days.flatMap { day in
            chosen.map { start, end in ["weekday": .string(day), "start": .string(start), "end": .string(end)] as JSONValue }
        }
        return ["working_hours": .array(hours)]
    }

    private static func patient(name: String, _ number: Int, _ random: inout SplitMix64) -> JSONValue {
        var members = [
            JSONMember("name", .string(name)), JSONMember("dob", .string(dateOfBirth(&random))),
            JSONMember("phone", .string(phone(&random))),
        ]
        if number % 4 != 3 { members.append(JSONMember("email", .string(address(of: name, at: "mail.example")))) }
        if number % 5 == 0 {
            let allergies = ["penicillin", "peanuts", "latex", "aspirin", "pollen", "sulfonamides"]
            members.append(JSONMember("allergies", [.string(allergies[Int.random(in: 0..<allergies.count, using: &random)])]))
        }
        return .object(members)
    }

    /// The top-level domain `example` is reserved (RFC 2606): no such mail can ever reach anybody.
    private static func address(of name: String, at domain: String) -> String {
        let words = name.lowercased().split(separator: " ").filter { $0 != "dr." }
        return words.joined(separator: ".") + "@" + domain
    }

    private static func phone(_ random: inout SplitMix64) -> String {
        "+91 98\(Int.random(in: 100...999, using: &random)) \(Int.random(in: 10_000...99_999, using: &random))"
    }

    private static func dateOfBirth(_ random: inout SplitMix64) -> String {
        let year = Int.random(in: 1938...2023, using: &random)
        let month = Int.random(in: 1...12, using: &random)
        let day = Int.random(in: 1...28, using: &random)
        return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}

/// A department and who works there, one doctor for each specialization.
private struct DemoDepartment {
    let name: String
    let specializations: [String]

    static let all = [
        DemoDepartment(name: "General Medicine", specializations: ["Internal Medicine", "Family Medicine", "Diabetology"]),
        DemoDepartment(name: "Cardiology", specializations: ["Interventional Cardiology", "Electrophysiology"]),
        DemoDepartment(name: "Paediatrics", specializations: ["Neonatology", "General Paediatrics"]),
        DemoDepartment(name: "Orthopaedics", specializations: ["Joint Replacement", "Sports Medicine"]),
        DemoDepartment(name: "Dermatology", specializations: ["Clinical Dermatology"]),
        DemoDepartment(name: "Gynaecology", specializations: ["Obstetrics"]),
        DemoDepartment(name: "Ophthalmology", specializations: ["Cataract Surgery"]),
    ]
}

/// Full names, each given once.
private struct DemoNames {
    private var names: ArraySlice<String>

    init(_ random: inout SplitMix64) {
        let first = [
            "Aarav", "Ananya", "Arjun", "Diya", "Farhan", "Gauri", "Ishaan", "Kavya", "Meera", "Nikhil", "Priya", "Rohan", "Sana", "Tara",
            "Vikram",
        ]
        let last = [
            "Bose", "Chawla", "Desai", "Fernandes", "Gupta", "Iyer", "Khan", "Menon", "Nair", "Patel", "Rao", "Sharma", "Singh", "Thomas",
            "Verma",
        ]
        names = first.flatMap { first in last.map { "\(first) \($0)" } }.shuffled(using: &random)[...]
    }

    /// There are names for 225 people; who asks for more gets the unnamed.
    mutating func next() -> String { names.popFirst() ?? "Unnamed" }
}
