import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// What the Swift and C names of google.protobuf's types begin with.
private func swiftPrefix(ofPackage package: String) -> String {
    package == "google.protobuf" ? "Protobuf" : ""
}

extension FileDescriptor {
    /// Parents before what is nested in them.
    var allMessages: [Descriptor] {
        messages.flatMap(\.withNested)
    }

    var allEnums: [EnumDescriptor] {
        enums + allMessages.flatMap(\.enums)
    }
}

extension Descriptor {
    fileprivate var withNested: [Descriptor] {
        [self] + messages.flatMap(\.withNested)
    }

    var swiftShortName: String {
        containingType == nil ? swiftPrefix(ofPackage: file.package) + name : name
    }

    var swiftName: String {
        containingType.map { "\($0.swiftName).\(swiftShortName)" } ?? swiftShortName
    }

    var cName: String {
        fullName.split(separator: ".").joined(separator: "_")
    }

    var reference: TypeReference {
        TypeReference(fullName: fullName, swiftName: swiftName, cName: cName, zeroCase: nil)
    }
}

extension EnumDescriptor {
    var swiftShortName: String {
        containingType == nil ? swiftPrefix(ofPackage: file.package) + name : name
    }

    var swiftName: String {
        containingType.map { "\($0.swiftName).\(swiftShortName)" } ?? swiftShortName
    }

    var reference: TypeReference {
        TypeReference(
            fullName: fullName, swiftName: swiftName, cName: fullName.split(separator: ".").joined(separator: "_"),
            zeroCase: values.first { $0.number == 0 }.map { SwiftName.enumCase($0.name, of: name) })
    }
}

extension OneofDescriptor {
    /// Whether it was written as a oneof; an `optional` field has one too, of its own.
    var isReal: Bool {
        fields.contains { $0.realContainingOneof != nil }
    }
}

extension ProvidesSourceCodeLocation where Self: ProvidesLocationPath {
    /// The comment above the declaration, else the one behind it: its lines without indentation. Of google.protobuf's, which are
    /// long and speak to other languages, the first paragraph.
    var comment: [String] {
        guard let location = sourceCodeInfoLocation else { return [] }
        let text = location.hasLeadingComments ? location.leadingComments : location.trailingComments
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.hasPrefix(" ") ? line.dropFirst() : line)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return file.package == "google.protobuf" ? Array(lines.prefix { !$0.isEmpty }) : lines
    }
}
