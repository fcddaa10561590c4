/** The deployment files as the tools that run them see them: Dockerfile, Compose services, Kubernetes containers. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

type Variables = Record<string, string>;

export interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly environment?: Variables;
  readonly healthcheck?: unknown;
  readonly ports?: readonly string[];
  readonly restart?: string;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period?: string;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** The Compose file with `${NAME:-default}` replaced by what `variables` has, else by the default. */
export function composeFile(variables: Variables = {}): ComposeFile {
  const interpolated = (text: string): string =>
    text.replace(
      /\$\{(\w+):-([^}]*)\}/g,
      (_all, name: string, otherwise: string) => variables[name] || otherwise,
    );
  // In values after parsing, as Compose does: nothing in a value can change the structure.
  const reviver = (_key: unknown, value: unknown): unknown =>
    typeof value === 'string' ? interpolated(value) : value;
  return parse(read('docker-compose.yml'), reviver, { merge: true }) as ComposeFile;
}

/** Names between `${` and `}`: what a person may set in `.env`. */
export function composeVariables(): string[] {
  return [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name!);
}

export interface Dockerfile {
  readonly from: readonly string[];
  readonly environment: Variables;
  /** Arguments of the last instruction with this name. */
  readonly last: (instruction: string) => string;
}

export function dockerfile(): Dockerfile {
  const lines = read('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const all = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const pairs = all('ENV').flatMap((line) => [...line.matchAll(/(\w+)=(\S*)/g)]);
  return {
    from: all('FROM').map((line) => line.split(' ')[0]!),
    environment: Object.fromEntries(pairs.map(([, name, value]) => [name!, value!])),
    last: (name) => all(name).at(-1) ?? '',
  };
}

interface Container {
  readonly image: string;
  readonly env?: ReadonlyArray<{
    readonly name: string;
    readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }>;
  readonly envFrom?: ReadonlyArray<
    Readonly<Record<'configMapRef' | 'secretRef', { readonly name: string } | undefined>>
  >;
  readonly volumeMounts?: ReadonlyArray<{ readonly name: string; readonly mountPath: string }>;
}

export interface PodSpec {
  readonly containers: readonly [Container];
  readonly terminationGracePeriodSeconds?: number;
}

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Variables;
  readonly stringData?: Variables;
  readonly spec: {
    readonly template?: { readonly spec: PodSpec };
    readonly jobTemplate?: KubernetesObject;
    readonly podFailurePolicy?: {
      readonly rules: ReadonlyArray<{
        readonly action: string;
        readonly onExitCodes?: { readonly values: readonly number[] };
      }>;
    };
  };
}

export function kubernetesObjects(): KubernetesObject[] {
  return readdirSync(join(root, 'k8s'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
    .flatMap((file) => parseAllDocuments(read(join('k8s', file))))
    .map((document) => document.toJS() as KubernetesObject);
}

/** Pairs of `Kind name` and the pod that it runs. */
export function kubernetesPods(): Array<[string, PodSpec]> {
  return kubernetesObjects().flatMap(({ kind, metadata, spec }) => {
    const template = spec?.template ?? spec?.jobTemplate?.spec.template;
    return template ? [[`${kind} ${metadata.name}`, template.spec] as [string, PodSpec]] : [];
  });
}

/** What the first container of a pod finds in its environment beside the image's own. */
export function podEnvironment({ containers: [container] }: PodSpec): Variables {
  const objects = kubernetesObjects();
  const find = (kind: string, wanted: string): Variables => {
    const found = objects.find((one) => one.kind === kind && one.metadata.name === wanted);
    if (!found) throw new Error(`no ${kind} ${wanted}`);
    return found.data ?? found.stringData ?? {};
  };
  const whole = (container.envFrom ?? []).map(({ configMapRef, secretRef }) =>
    configMapRef ? find('ConfigMap', configMapRef.name) : find('Secret', secretRef!.name),
  );
  const single = (container.env ?? []).map(({ name, valueFrom: { secretKeyRef } }) => {
    const value = find('Secret', secretKeyRef.name)[secretKeyRef.key];
    if (value === undefined) throw new Error(`no ${secretKeyRef.key} in ${secretKeyRef.name}`);
    return [name, value] as const;
  });
  return Object.assign({}, ...whole, Object.fromEntries(single)) as Variables;
}
