/// Faults of the request itself, one at a time: which of two comes first is nobody's business.
extension CommandGenerator {
    mutating func faulty(_ plain: ModelRequest) -> ModelRequest {
        var request = plain
        guard let grammar = ModelGrammar.verbs[request.verb] else { return request }
        let index = random.below(request.arguments.count)
        switch random.below(10) {
        case 0, 1:
            let needed = grammar.filter { !$0.isOptional }.map(\.name)
            let dropped = random.pick(needed)
            request.arguments.removeAll { $0.name == dropped }
        case 2: request.arguments.append(request.arguments[index])
        case 3: request.arguments.append(.init(name: random.chance(50) ? "colour" : "amounts", value: "1"))
        case 4: spoil("amount", &request, ["90000000000000.01", "99999999999999999999999", "100000000000000"])
        default:
            let name = request.arguments[index].name
            guard let argument = grammar.first(where: { $0.name == name }) else { return request }
            // No value at all is wrong too, but for what may be any text.
            let isAnyText = ["name", "text"].contains(argument.kind)
            spoil(name, &request, wrongTexts(argument.kind) + (isAnyText ? [] : [""]))
        }
        return request
    }

    private mutating func spoil(_ name: String, _ request: inout ModelRequest, _ texts: [String]) {
        // A schedule would no longer sum to the amount: two faults.
        if name == "amount" || name == "date" { request.arguments.removeAll { $0.name == "schedule" } }
        guard let index = request.arguments.firstIndex(where: { $0.name == name }), let text = random.pick(texts)
        else { return }
        request.arguments[index].value = text
    }

    private func wrongTexts(_ kind: String) -> [String] {
        switch kind {
        case "id": ["with space", "逗号", "a,b", String(repeating: "x", count: 65), "semi;colon", "quote\"d"]
        case "ids": ["a b", "filed,,recognised"]
        case "payers": ["a b", "*,lingang"]
        case "name": [String(repeating: "n", count: 201)]
        case "money", "money0", "own-money": ["-1", "+1", "1e3", "1,000", "1.234", ".5", "5.", "¥5", "five", "1.2.3"]
        case "rate", "own-rate": ["50", "0%", "100.0001%", "5.00001%", "-5%", "%", "5.%"]
        case "date": ["2023-02-29", "2100-02-29", "2023-13-01", "2023-1-1", "1899-12-31", "20230101", "2023-00-10"]
        case "year": ["23", "1899", "20230", "year", "+2023"]
        case "number0": ["-1", "one", "1.0"]
        case "number1": ["0", "-1", "one", "1.5"]
        case "window": ["P3D", "3Y", "rolling-36", "rolling-P3Y", "weekly", "PY", "P1Y6M"]
        case "schedule": ["2024", "2024:", "2024:0", "2022:1", "2024:1;2025:1", "2024:0.01,2024:0.01", "x:1"]
        case "uscc": ["91310115MA1K3XYA1J", "91310115MA1K3XYA1", "91310115MA1K3XYA1KK", "91310115MAIK3XYA1K"]
        case "text": []
        default: ["maybe", "YES!"]
        }
    }
}
