import { namespacePath } from "./namespace.ts";
import { RunningProcess } from "./running-process.ts";

export interface SpawnOptions {
  /** Whether the process joins the node's cgroup; true unless given. */
  readonly inCgroup?: boolean;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The cgroup is joined first: entering a namespace must not be by `ip netns exec`, which remounts /sys. */
const JOIN_CGROUP = 'echo $$ > "$0/cgroup.procs" && exec "$@"';

/** Something that processes run in: a network namespace with a cgroup. */
export class TestbedNode {
  readonly name: string;
  readonly namespace: string;
  readonly cgroupPath: string;
  readonly #processes: Set<RunningProcess>;

  constructor(name: string, namespace: string, cgroupPath: string, processes: Set<RunningProcess>) {
    this.name = name;
    this.namespace = namespace;
    this.cgroupPath = cgroupPath;
    this.#processes = processes;
  }

  /** Starts a process here. It ends with the testbed at the latest, also when this process is killed. */
  spawn(command: string, args: readonly string[], options: SpawnOptions = {}): RunningProcess {
    const enter = ["setpriv", "--pdeathsig", "KILL", "--", "nsenter", `--net=${namespacePath(this.namespace)}`, "--"];
    const whole = [...enter, command, ...args];
    const join = options.inCgroup === false ? [] : ["sh", "-c", JOIN_CGROUP, this.cgroupPath];
    const [program = command, ...rest] = [...join, ...whole];
    const started = new RunningProcess(program, rest, {
      name: `${command} on ${this.name}`,
      env: { ...process.env, ...options.env },
    });
    this.#processes.add(started);
    void started.exited.then(() => this.#processes.delete(started));
    return started;
  }

  /** Runs a process here to its end and returns its stdout. Any exit code but 0 is an error. */
  async run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<string> {
    return this.spawn(command, args, options).result();
  }
}
