/**
 * Bodies as kube-scheduler sends them: json.Marshal of ExtenderArgs (k8s.io/kube-scheduler/extender/v1), whose fields have no JSON tags,
 * around core/v1 types with theirs. A nil slice or pointer is null, and a zero creationTimestamp is null, too. Field by field as in types.go
 * of kubernetes/kubernetes at 2d58ef7868e6, and in the forms that TestCompatibility of types_test.go beside it holds json.Marshal to.
 */

/** A pod as it is when it is scheduled. */
export function pod(annotations: Readonly<Record<string, string>> | undefined) {
  return {
    metadata: {
      name: "reader-6f9c7b5d4-x2x7k",
      generateName: "reader-6f9c7b5d4-",
      namespace: "default",
      uid: "0d0cf1a5-9a0a-4d4b-8f54-2e7f3c4f6d11",
      resourceVersion: "48211",
      creationTimestamp: "2024-05-02T09:14:07Z",
      labels: { app: "reader", "pod-template-hash": "6f9c7b5d4" },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "reader-6f9c7b5d4", uid: "7e1f", controller: true },
      ],
    },
    spec: {
      volumes: [
        {
          name: "token",
          projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: "token" } }] },
        },
      ],
      containers: [
        {
          name: "reader",
          image: "registry.example.org/reader:1",
          resources: { requests: { cpu: "250m", memory: "64Mi" } },
          terminationMessagePath: "/dev/termination-log",
          imagePullPolicy: "IfNotPresent",
        },
      ],
      restartPolicy: "Always",
      schedulerName: "default-scheduler",
      tolerations: [
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      ],
      priority: 0,
      enableServiceLinks: true,
    },
    status: { phase: "Pending", qosClass: "Burstable" },
  };
}

/** A node of the NodeList that extenders without a cache of their own are sent. */
export function node(name: string, address: string) {
  return {
    metadata: {
      name,
      uid: `uid-of-${name}`,
      resourceVersion: "48190",
      creationTimestamp: "2024-05-02T08:00:00Z",
      labels: { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": "z" },
    },
    spec: { podCIDR: "10.244.0.0/24", podCIDRs: ["10.244.0.0/24"] },
    status: {
      capacity: { cpu: "8", memory: "32Gi", pods: "110" },
      allocatable: { cpu: "8", memory: "32Gi", pods: "110" },
      conditions: [
        { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" },
      ],
      addresses: [
        { type: "InternalIP", address },
        { type: "Hostname", address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: { kernelVersion: "6.1.0", osImage: "Debian GNU/Linux 12 (bookworm)", architecture: "amd64" },
    },
  };
}

/** With `nodeCacheCapable: true`. */
export function argsOfNames(annotations: Readonly<Record<string, string>> | undefined, names: readonly string[]) {
  return { Pod: pod(annotations), Nodes: null, NodeNames: names };
}

/** With `nodeCacheCapable: false`. */
export function argsOfNodes(
  annotations: Readonly<Record<string, string>> | undefined,
  nodes: readonly ReturnType<typeof node>[],
) {
  return { Pod: pod(annotations), Nodes: { metadata: { resourceVersion: "48212" }, items: nodes }, NodeNames: null };
}

/** With nothing set but names: what Go writes of fields without `omitempty`. */
export function bareArgs(podName: string, nodeNames: readonly string[]) {
  const texts = ["machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion"];
  const nodeInfo = [...texts, "kubeletVersion", "kubeProxyVersion", "operatingSystem", "architecture"];
  const items = nodeNames.map((name) => ({
    metadata: { name, creationTimestamp: null },
    spec: {},
    status: {
      daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
      nodeInfo: Object.fromEntries(nodeInfo.map((text) => [text, ""])),
    },
  }));
  return {
    Pod: { metadata: { name: podName, creationTimestamp: null }, spec: { containers: null }, status: {} },
    Nodes: { metadata: {}, items },
    NodeNames: null,
  };
}

/** The fields of ExtenderFilterResult; what is not among them the scheduler never sees. */
export const filterResultFields = ["Nodes", "NodeNames", "FailedNodes", "FailedAndUnresolvableNodes", "Error"];
