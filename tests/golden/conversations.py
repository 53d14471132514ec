"""Conversations drawn from a seed: every mix of roles, tools, reasoning, parts, documents and switches that chat templates look at."""
import random
import zlib

SPECIAL_TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}

WORDS = ["hello", "Why", "sum", "42", "-1.5", "naïve", "日本語", "😀👩‍👩‍👧", "é", "{{ x }}", "{% if %}", "<b>&amp;</b>", "it's", '"quoted"', "\\n",
         "</think>", "<tool_response>", "a\tb", "ß", "ﬁ", "العربية", "\u200b", "\x07", "\xa0", "---", "C:\\dir", "```json", "null"]
CITIES = ["Paris", "São Paulo", "東京", "O'Fallon"]


def text(rng, low=0, high=12):
    count = rng.randint(low, high)
    parts = []
    for _ in range(count):
        parts.append(rng.choice(WORDS))
        parts.append(rng.choice([" ", " ", " ", "\n", "\n\n", "  ", ""]))
    body = "".join(parts)
    return rng.choice(["", "", " ", "\n", "  "]) + body + rng.choice(["", "", " ", "\n"])


def value(rng, depth=0):
    kind = rng.randint(0, 9 if depth < 2 else 5)
    if kind == 0:
        return rng.choice([True, False])
    if kind == 1:
        return rng.randint(-1000, 10**9)
    if kind == 2:
        return rng.choice([0.5, 1e-7, 1e16, -2.25, 3.0, 123456.789, 1e22])
    if kind == 3:
        return None
    if kind <= 6:
        return text(rng, 0, 3)
    if kind == 7:
        return [value(rng, depth + 1) for _ in range(rng.randint(0, 3))]
    return {key: value(rng, depth + 1) for key in rng.sample(["b", "a", "city", "é", "x y", "1"], rng.randint(0, 3))}


def schema(rng, depth=0):
    kind = rng.choice(["string", "integer", "number", "boolean", "array", "object", "enum", "union", "oneOf"] if depth < 2 else ["string", "integer"])
    spec = {"type": kind}
    if kind == "enum":
        spec = {"type": "string", "enum": ["celsius", "fahrenheit"]}
    elif kind == "union":
        spec = {"type": ["string", "null"]}
    elif kind == "oneOf":
        spec = {"oneOf": [{"type": "string", "default": "x"}, {"type": "number", "description": "a number"}]}
    elif kind == "array" and rng.random() < 0.8:
        spec["items"] = schema(rng, depth + 1)
    elif kind == "object" and rng.random() < 0.8:
        spec["properties"] = {key: schema(rng, depth + 1) for key in rng.sample(["x", "y", "z"], rng.randint(0, 3))}
        spec["required"] = [key for key in spec["properties"] if rng.random() < 0.5]
    if rng.random() < 0.5:
        spec["description"] = text(rng, 1, 4).strip() or "d"
    if kind == "string" and rng.random() < 0.2:
        spec["default"] = "Paris"
    if rng.random() < 0.1:
        spec["nullable"] = True
    return spec


def tool(rng, index):
    names = rng.sample(["location", "unit", "days", "query", "limit"], rng.randint(0, 4))
    function = {"name": f"get_{index}", "description": text(rng, 1, 6).strip() or "does it",
                "parameters": {"type": "object", "properties": {name: schema(rng) for name in names},
                               "required": [name for name in names if rng.random() < 0.5]}}
    if rng.random() < 0.2:
        function["return"] = {"type": "string"}
    return {"type": "function", "function": function}


def call(rng, tools):
    name = rng.choice(tools)["function"]["name"] if tools else "lookup"
    arguments = {key: value(rng, 1) for key in rng.sample(["location", "unit", "days", "é"], rng.randint(0, 3))}
    return {"id": "".join(rng.choice("abcdef0123456789") for _ in range(9)), "type": "function",
            "function": {"name": name, "arguments": arguments}}


def content(rng, shape):
    if shape == "parts":
        return [rng.choice([{"type": "text", "text": text(rng, 1, 5)}, {"type": "text", "text": text(rng, 1, 5)}, {"type": "image"}])
                for _ in range(rng.randint(1, 3))]
    return text(rng)


def assistant(rng, tools, shape):
    message = {"role": "assistant", "content": content(rng, shape)}
    roll = rng.random()
    if roll < 0.2:
        message[rng.choice(["reasoning_content", "thinking", "reasoning"])] = text(rng, 1, 5)
    elif roll < 0.35 and shape == "text":
        message["content"] = "<think>\n" + text(rng, 0, 4) + "\n</think>\n\n" + message["content"]
    return message


def messages(rng, tools, shape, turns):
    result = []
    if rng.random() < 0.5:
        result.append({"role": "system", "content": content(rng, shape)})
    for _ in range(turns):
        result.append({"role": "user", "content": content(rng, shape)})
        if tools and rng.random() < 0.4:
            calls = [call(rng, tools) for _ in range(1 if rng.random() < 0.7 else 2)]
            message = {"role": "assistant", "content": rng.choice([None, "", text(rng, 1, 3)]), "tool_calls": calls}
            if rng.random() < 0.3:
                message["reasoning_content"] = text(rng, 1, 4)
            if rng.random() < 0.3:
                del message["content"]
            result.append(message)
            for c in calls:
                result.append({"role": "tool", "name": c["function"]["name"], "tool_call_id": c["id"],
                               "content": rng.choice([text(rng, 1, 4), '{"temp": 21}'])})
        result.append(assistant(rng, tools, shape))
    if rng.random() < 0.5:
        result.append({"role": "user", "content": content(rng, shape)})
    if rng.random() < 0.05:  # one that alternating templates refuse
        result.insert(rng.randint(0, len(result)), {"role": rng.choice(["user", "assistant", "system", "critic"]), "content": "odd"})
    return result


def request(rng):
    shape = "parts" if rng.random() < 0.12 else "text"
    tools = [tool(rng, i) for i in range(rng.randint(1, 3))] if rng.random() < 0.4 else None
    result = {"messages": messages(rng, tools, shape, rng.randint(0, 3) or 1)}
    if tools:
        result["tools"] = tools
    if rng.random() < 0.2:
        result["documents"] = [{"title": rng.choice(CITIES), "text": text(rng, 3, 30)} for _ in range(rng.randint(0, 2))]
    result["add_generation_prompt"] = rng.random() < 0.6
    if not result["add_generation_prompt"] and rng.random() < 0.15:
        result["continue_field"] = "content"
    variables = {}
    for name, choices in [("enable_thinking", [True, False]), ("thinking", [True, False]), ("thinking_budget", [0, 512, 3000, 99999]),
                          ("reasoning_effort", ["low", "high"]), ("date_string", ["1 Jan 2025"]), ("tools_in_user_message", [False]),
                          ("builtin_tools", [["code_interpreter", "get_0"]]), ("model_identity", ["I am a test."])]:
        if rng.random() < 0.15:
            variables[name] = rng.choice(choices)
    if variables:
        result["variables"] = variables
    return result


def cases(name, count):
    rng = random.Random(zlib.crc32(name.encode()))
    return [request(rng) for _ in range(count)]
