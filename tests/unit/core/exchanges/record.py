"""Records exchanges.json: what the daemon sends to a model in whole conversations, and how many tokens of each request
the tokenizers of three model families count.

    ASSISTD_BUILD=build/release python3 record.py NODE_FOLDER

NODE_FOLDER has the npm modules gpt-tokenizer, llama3-tokenizer-js and @anthropic-ai/tokenizer. The replies are written
here; system prompt, tools and results are the daemon's own. Counted is each message's text, with the arguments of its
calls, and 4 for its frame, and the tools as compact JSON: what servers add around them differs little from that.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "e2e"))
sys.dont_write_bytecode = True

from daemon import Daemon  # noqa: E402
from upstream import Reply, Text, ToolCall, Upstream  # noqa: E402

DLA, BOX, PLOT, CSV = "run_dla_simulation", "run_box_counting", "generate_plot", "export_simulation_csv"
# What people paste: numbers, a log, a page of prose.
DATA = "\n".join(f"{n},{0.53 * n ** 0.41:.5f},{1.9 * n ** 0.39:.3e}" for n in range(10, 2000, 25))
LOG = "\n".join(f"2026-03-{d:02}T08:{d:02}:11Z worker-{d % 4} WARN step={d * 1000} dt=1.0e-{d % 7} residual did not fall: "
                "retry 1/3" for d in range(1, 29))
PROSE = ("粒子在三维空间中做随机行走，直到与团簇接触为止。接触后粒子立即固定，不再移动。由于屏蔽效应，新的粒子更容易附着在"
         "团簇的外部枝杈上，因此结构稀疏而有分形特征。") * 12

CONVERSATIONS = {
    "English": [
        ("Run a DLA simulation with 400 particles in 3-D and tell me its fractal dimension.",
         [ToolCall(DLA, {"n_particles": 400, "seed": 1})],
         "The cluster of 400 particles has a fractal dimension of about 2.4 from its mass-radius scaling; with a single "
         "cluster of this size the error between seeds is near 0.1, so I would not read more into it."),
        ("Do box counting on it, and the same simulation twice more with other seeds.",
         [ToolCall(BOX, {"simulation": "simulation-1"}), ToolCall(DLA, {"n_particles": 400, "seed": 2}),
          ToolCall(DLA, {"n_particles": 400, "seed": 3})],
         "Box counting gives a smaller value than the mass-radius fit, as it usually does for few particles: the range "
         "of box sizes between the particle and the cluster is less than a decade."),
        ("What tools are there for limiting cases?", [ToolCall("list_algorithms")],
         "There are straight chains, planes and compact spheres; each has a known dimension, so they check the analysis."),
        ("Write a Python function that fits log N against log Rg by least squares.", [],
         "```python\nimport numpy as np\n\ndef fit_dimension(n, rg):\n    \"\"\"Slope and its standard error.\"\"\"\n"
         "    x, y = np.log(rg), np.log(n)\n    (slope, intercept), cov = np.polyfit(x, y, 1, cov=True)\n"
         "    return slope, float(np.sqrt(cov[0, 0]))\n```\nIt needs at least four points; weights are left out."),
        ("Plot the growth of simulation-2.", [ToolCall(PLOT, {"plot": "rg_vs_n", "source": ["simulation-2"]})],
         "The plot is ready."),
        ("My own data, N, Rg and error:\n" + DATA, [], "The slope of log N over log Rg is about 2.4 over the whole range."),
        ("And what does this log say?\n" + LOG, [], "Four workers warn that the residual does not fall; each retries once."),
    ],
    "German": [
        ("Lass bitte eine DLA-Simulation mit 300 Teilchen laufen und werte sie aus.",
         [ToolCall(DLA, {"n_particles": 300, "seed": 5})],
         "Die Simulation mit 300 Teilchen ist abgeschlossen. Die fraktale Dimension aus der Masse-Radius-Beziehung liegt "
         "bei ungefähr 2,4; bei so wenigen Teilchen schwankt sie zwischen verschiedenen Startwerten noch merklich."),
        ("Exportiere die Ergebnisse als CSV und erkläre mir, wie sich der Trägheitsradius entwickelt.",
         [ToolCall(CSV, {"simulation": "simulation-1"})],
         "Der Trägheitsradius wächst mit der Teilchenzahl wie ein Potenzgesetz, dessen Exponent der Kehrwert der fraktalen "
         "Dimension ist. Kleine Abweichungen am Anfang rühren von der endlichen Größe der ersten Teilchen her."),
        ("Wie groß müsste der Cluster sein, damit der Fehler unter einem Prozent liegt?", [],
         "Als Faustregel sinkt die Streuung zwischen unabhängigen Läufen mit der Wurzel der Anzahl der Läufe; ein einzelner "
         "größerer Cluster hilft weniger als ein Ensemble von zwanzig oder mehr Clustern mit je tausend Teilchen."),
    ],
    "Chinese": [
        ("请运行一个包含300个粒子的DLA模拟，并告诉我分形维数。", [ToolCall(DLA, {"n_particles": 300, "seed": 9})],
         "模拟已经完成。由质量与半径的标度关系得到的分形维数约为2.4；粒子数较少时，不同随机种子之间仍有明显的差异。"),
        ("对它做盒计数分析。", [ToolCall(BOX, {"simulation": "simulation-1"})],
         "盒计数得到的维数比质量半径拟合的结果略小，因为盒子尺寸的有效范围不足一个数量级。建议使用更多的粒子。"),
        ("如果把粒子数增加到一万，需要多长时间？会有什么变化？背景：" + PROSE, [],
         "一万个粒子通常只需要不到一秒。团簇越大，有限尺寸的影响越小，拟合区间也越宽，因此分形维数的误差会明显减小。"),
    ],
}


def record(upstream, daemon, name):
    """The new messages of each request of one conversation, in OpenAI's form."""
    conversation, sent, requests = daemon.conversation(), 1, []
    for number, (question, calls, answer) in enumerate(CONVERSATIONS[name]):
        replies = [Reply(calls)] if calls else []
        upstream.script(*replies, Reply([Text(answer)]), when=lambda request, question=question:
                        [m for m in request.json["messages"] if m["role"] == "user"][-1]["content"] == question)
        seen = len(upstream.requests)
        daemon.chat(conversation, question)
        for request in upstream.requests[seen:]:
            messages = request.json["messages"]
            requests.append({"turn": number, "new": messages[sent:]})
            sent = len(messages)
    return requests, upstream.requests[-1].json


def main():
    with tempfile.TemporaryDirectory() as folder, Upstream() as upstream:
        config = (f"model: main:fake\nproviders:\n  main: {{kind: openai, base_url: '{upstream.url}/v1'}}\n")
        conversations, last = [], None
        for name in CONVERSATIONS:
            home = pathlib.Path(folder) / name
            home.mkdir()
            daemon = Daemon(home, config)
            daemon.start()
            requests, last = record(upstream, daemon, name)
            daemon.end()
            conversations.append({"language": name, "requests": requests})
    tools = [{"name": t["function"]["name"], "description": t["function"]["description"],
              "schema": json.dumps(t["function"]["parameters"], separators=(",", ":"))} for t in last["tools"]]
    recording = {"system": last["messages"][0]["content"], "tools": tools, "conversations": conversations}
    counted = subprocess.run(["node", str(HERE / "count.mjs"), sys.argv[1]], input=json.dumps(recording), text=True,
                             capture_output=True, check=True).stdout
    (HERE / "exchanges.json").write_text(counted)


main()
