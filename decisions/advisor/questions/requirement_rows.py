"""What each requirement moves when it is a proven must-have, in words."""

MOVES = {
    "encryption_between_nodes": "Every approach but no mesh meets it; that one only with the provider's encryption",
    "encryption_same_node": "Rules out CNI-level encryption, and eBPF meshes that encrypt only between nodes",
    "fips_cryptography": "Rules out WireGuard; leaves IPsec, vendor builds of meshes, or validated TLS in the services",
    "workload_identity": "For ambient and sidecar mesh; rules out CNI-level encryption; no mesh only with few services",
    "network_segmentation": "Every approach meets it; no mesh with network policies",
    "l7_authorization": "For sidecar mesh, eBPF mesh and ambient mesh with waypoints; against CNI-level encryption",
    "egress_control": "Most for eBPF mesh with its DNS-aware policies; no mesh with an egress proxy",
    "grpc_load_balancing": "For sidecar and eBPF mesh and waypoints; no mesh with balancing in the clients",
    "traffic_splitting": "For sidecar and eBPF mesh and waypoints; no mesh only for splits at the edge",
    "resilience": "For sidecar mesh and waypoints; no mesh with libraries in few languages",
    "request_metrics": "For sidecar and eBPF mesh and waypoints; no mesh with OpenTelemetry",
    "flow_visibility": "For eBPF mesh and CNIs with flow logs; no mesh with a flow-collecting agent",
    "multi_cluster": "For eBPF mesh with cluster mesh and sidecar mesh; check the maturity of ambient",
    "vm_workloads": "For sidecar mesh; against everything that works at the node",
    "central_control": "For sidecar mesh and waypoints; against CNI-level encryption and fixes in code",
    "audit_proof": "Rules out nothing; adds a daily check to the plan",
}

FIX_WHY = (
    "Not tried is the commonest honest answer, and it makes the trial the first step of the plan. Anything larger is "
    "argued from what the small thing did not do: works closes the gap, not enough and cannot leave it open."
)
FIX_MOVES = "No mesh and CNI-level encryption, helped unless the fix is not enough or cannot be done"
