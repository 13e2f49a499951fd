/// Swift names of what a contract names in snake_case or CAPITALS.
public enum SwiftName {
    private static let acronyms: Set<String> = ["id", "url", "uri", "http", "json", "utf8", "sms"]

    /// `patient_id` → `patientID`, `PATIENT_STATUS_ACTIVE` → `patientStatusActive`.
    public static func lowerCamel(_ name: String) -> String {
        let words = words(of: name)
        guard let first = words.first else { return name }
        return first + words.dropFirst().map(capitalized).joined()
    }

    /// `of_patient` → `OfPatient`.
    public static func upperCamel(_ name: String) -> String {
        words(of: name).map(capitalized).joined()
    }

    /// The property of a field: like ``lowerCamel(_:)``, clear of what every message has already.
    public static func property(_ name: String) -> String {
        let camel = lowerCamel(name)
        return taken.contains(camel) ? camel + "Value" : camel
    }

    /// The case of an enum value, without its enum's prefix: `PATIENT_STATUS_ACTIVE` of `PatientStatus` → `active`.
    public static func enumCase(_ name: String, of enumName: String) -> String {
        let camel = lowerCamel(shortEnumName(name, of: enumName))
        return takenCases.contains(camel) ? camel + "Value" : camel
    }

    /// `PATIENT_STATUS_ACTIVE` of `PatientStatus` → `ACTIVE`; the whole name where the rest would be no name.
    public static func shortEnumName(_ name: String, of enumName: String) -> String {
        let prefix = snakeCapitals(enumName) + "_"
        let short = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        return short.first?.isLetter == true ? short : name
    }

    /// `PatientStatus` → `PATIENT_STATUS`.
    public static func snakeCapitals(_ name: String) -> String {
        var result = ""
        for (index, character) in name.enumerated() {
            if character.isUppercase && index > 0 && result.last != "_" { result += "_" }
            result += character.uppercased()
        }
        return result
    }

    /// The name as it stands in a declaration: in backticks where it is a keyword.
    public static func declared(_ name: String) -> String {
        keywords.contains(name) ? "`\(name)`" : name
    }

    private static func words(of name: String) -> [String] {
        name.split(separator: "_").flatMap { splitCamel($0) }.map { $0.lowercased() }
    }

    private static func splitCamel(_ word: Substring) -> [String] {
        guard word.contains(where: \.isLowercase) else { return [String(word)] }
        var parts: [String] = []
        for character in word {
            if parts.isEmpty || character.isUppercase { parts.append("") }
            parts[parts.count - 1].append(character)
        }
        return parts
    }

    private static func capitalized(_ word: String) -> String {
        acronyms.contains(word) ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst()
    }

    private static let taken: Set<String> = [
        "description", "hashValue", "unknownFields", "self", "init", "fullName", "descriptor", "c", "arena",
    ]

    private static let takenCases: Set<String> = ["unrecognized", "none", "some", "init", "self", "rawValue", "hashValue"]

    private static let keywords: Set<String> = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else",
        "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout",
        "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return",
        "self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]
}
